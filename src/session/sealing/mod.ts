/**
 * Texts sealed with a passphrase or a key, useless to a thief without it. This file is small and
 * loaded by every client; sealer.ts does the work, and is loaded when the first text is sealed or
 * unsealed.
 */

/** A passphrase, or a key of 32 random bytes. */
export type SealingSecret = string | Uint8Array;

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
 * @param text the text to seal
 * @param secret a passphrase, or a key of 32 random bytes
 * @param name the name that the text is stored under. A text can be unsealed only with the same
 * name, so that a thief cannot exchange two sealed texts
 * @returns the sealed text, one line of ASCII
 * @throws {TypeError} if the passphrase is empty, or the key is not 32 bytes long.
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
 * Unseals a text. The reverse of {@linkcode sealText}.
 *
 * @param sealed the sealed text
 * @param secret the passphrase or key that the text was sealed with
 * @param name the name that the text was sealed with
 * @returns the text that was sealed
 * @throws {SessionError} if the secret or the name is wrong, or the text is damaged or not sealed.
 * @throws {TypeError} if the passphrase is empty, or the key is not 32 bytes long.
 */
export async function unsealText(
  sealed: string,
  secret: SealingSecret,
  name = "",
): Promise<string> {
  const { Sealer } = await import("./sealer.ts");
  return await new Sealer(secret).unseal(sealed, name);
}
