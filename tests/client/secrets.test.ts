/**
 * What is secret about the ways of signing in beside code and password: in no line of the log, no
 * error, no inspection.
 */
import { type AskPasskey, Client, MemorySession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { Witness } from "../helpers/secrets.ts";
import { Authenticator } from "../helpers/authenticator.ts";
import { CODE, PASSWORD } from "../helpers/sign_in_flows.ts";

const PHONE = "+9996624444";
const EMAIL = "ada@example.com";

Deno.test("No log, error or inspection contains a secret of any sign-in", async () => {
  const seen = new Witness();
  const account = { phone: PHONE, code: CODE, password: PASSWORD, recoveryEmail: EMAIL, dcId: 4 };
  await using telegram = new OfflineTelegram({
    dcs: [2, 4],
    accounts: [{ ...account, loginEmail: "login@example.com" }],
  });
  const { apiId, apiHash, clientOptions, api } = telegram;
  const options = { ...clientOptions, logger: seen.logger, logLevel: "debug" } as const;
  const clientOf = (session = new MemorySession()) => new Client(session, apiId, apiHash, options);
  await using client = clientOf();
  const secrets: string[] = [PHONE.slice(1), CODE, PASSWORD, "ada@", "login@", apiHash];
  const bytes: Uint8Array[] = [];

  // A saved token, right and damaged, with the key of another session, and the recovery by email.
  await client.connect();
  const saved = (await client.requestLoginCode(PHONE)).save();
  secrets.push(saved.slice(8, 40));
  await seen.failure(() => client.resumeLogin(`${saved}x`));
  await seen.failure(() => client.resumeLogin(saved.slice(0, -9)));
  await using stranger = clientOf();
  await seen.failure(() => stranger.resumeLogin(saved));
  const login = await client.resumeLogin(saved);
  assert(login.kind === "login");
  await seen.failure(() => client.signIn(login, "97531"));
  secrets.push("97531");
  const token = await client.signIn(login, CODE);
  assert(token.kind === "password");
  secrets.push(token.save().slice(8, 40));
  await client.requestPasswordRecovery(token);
  await seen.failure(() => client.checkRecoveryCode("864209"));
  const emailCode = api.lastEmailCode(EMAIL) ?? "";
  secrets.push("864209", emailCode);
  await client.recoverPassword(token, emailCode, { newPassword: "correct horse" });
  await client.password.setRecoveryEmail("correct horse", "grace@example.com");
  await seen.failure(() => client.password.confirmRecoveryEmail("135791"));
  secrets.push("correct", "grace@", "135791", api.lastEmailCode("grace@example.com") ?? "");
  await client.password.remove("correct horse");

  // A passkey, and a wrong one.
  const passkey = new Authenticator();
  const answers: string[] = [];
  const listen = (ask: AskPasskey): AskPasskey => async (publicKey) => {
    const answer = await ask(publicKey);
    answers.push(String(publicKey.challenge), answer.id, answer.response.clientDataJSON);
    return answer;
  };
  await client.passkeys.register(listen(passkey.create));
  await using other = clientOf();
  await seen.failure(() => other.passkeys.signIn(listen(new Authenticator().get)));
  await other.passkeys.signIn(listen(passkey.get));
  secrets.push(...answers);

  // A valid and an invalid QR code; a web token, twice.
  await using third = clientOf();
  const qr = third.qrLogin();
  for await (const { url, token } of qr) {
    secrets.push(url.slice(url.indexOf("=") + 1));
    bytes.push(token);
    await client.acceptQr(url);
    await seen.failure(() => client.acceptQr(url));
  }
  seen.add(await qr.result, qr);
  await using fourth = clientOf();
  const webToken = api.webToken(PHONE);
  secrets.push(webToken);
  await fourth.webTokenSignIn(webToken);
  await seen.failure(() => fourth.webTokenSignIn(webToken));

  // What Telegram gives at sign-out.
  await client.password.set("battery staple");
  await client.signOut();
  secrets.push("staple");
  bytes.push(...client.session.state.futureAuthTokens ?? []);
  bytes.push(...client.session.state.dcs.flatMap(({ authKey }) => authKey ?? []));
  seen.add(login, token, client, client.session, await client.requestLoginCode(PHONE));

  assertEquals(bytes.length >= 3, true);
  assert(seen.text.includes("Signed in as user"), seen.text);
  seen.assertShowsNone([...secrets, ...bytes]);
});
