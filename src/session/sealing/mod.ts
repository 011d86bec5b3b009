/**
 * Texts sealed with a passphrase or a key, so that whoever finds one does not have the account. How is in sealer.ts, which is
 * loaded when a first text is sealed or unsealed.
 */

/** A passphrase, or a key of 32 random bytes. */
export type SealingSecret = string | Uint8Array;

/** Whether a text is sealed, by whatever version. */
export function isSealed(text: string): boolean {
  return /^tessera-sealed\d+\./.test(text);
}

/**
 * Seals a text, for example the string of a `StringSession`.
 *
 * @example
 * ```ts
 * import { sealText, unsealText } from "@tessera/mtproto";
 *
 * const sealed = await sealText("the session string", "correct horse battery staple");
 * console.log(await unsealText(sealed, "correct horse battery staple")); // the session string
 * ```
 *
 * @param name what the text is kept under; the same is needed to unseal it
 */
export async function sealText(
  text: string,
  secret: SealingSecret,
  name = "",
): Promise<string> {
  const { Sealer } = await import("./sealer.ts");
  return await new Sealer(secret).seal(text, name);
}

/**
 * The text that was sealed.
 *
 * @throws {SessionError} if the secret is another, or the text is damaged or not sealed.
 */
export async function unsealText(
  sealed: string,
  secret: SealingSecret,
  name = "",
): Promise<string> {
  const { Sealer } = await import("./sealer.ts");
  return await new Sealer(secret).unseal(sealed, name);
}
