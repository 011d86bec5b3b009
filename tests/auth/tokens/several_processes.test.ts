/** Tests a sign-in by several processes that share only two strings: the session and the token. */

import { OfflineTelegram } from "../../../src/testing/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { longTest } from "../../helpers/long.ts";
import { runDeno } from "../../helpers/processes.ts";

interface Step {
  readonly session?: string;
  readonly token?: string;
  /** Asked for in the first step. */
  readonly phone?: string;
  readonly code?: string;
  readonly password?: string;
  /** For a sign-up. */
  readonly firstName?: string;
}

interface Answer {
  readonly session: string;
  readonly token?: string;
  readonly kind: string;
  readonly error?: string;
  readonly hint?: string;
  readonly id?: string;
}

const PROGRAM = `
import { Client, SignInError, StringSession } from "./mod.ts";
import { rsaPublicKey, decodeBase64 } from "./src/crypto/mod.ts";

const { step, apiId, apiHash, dcs, keys } = JSON.parse(Deno.args[0]);
const options = {
  dcs,
  keys: keys.map(({ n, e }) => rsaPublicKey(decodeBase64(n), decodeBase64(e))),
};
const client = new Client(new StringSession(step.session ?? ""), apiId, apiHash, options);

async function next() {
  if (step.token === undefined) return await client.requestLoginCode(step.phone);
  const token = await client.resumeLogin(step.token);
  if (token.kind === "login") return await client.signIn(token, step.code);
  if (token.kind === "password") return await client.checkPassword(token, step.password);
  return await client.signUp(token, { firstName: step.firstName, acceptTerms: true });
}

let answer;
try {
  const outcome = await next();
  const token = outcome.kind === "user" ? undefined : outcome.save();
  const { kind, hint, id } = outcome;
  answer = { kind, token, hint, id: id?.toString() };
} catch (error) {
  if (!(error instanceof SignInError)) throw error;
  answer = { kind: "error", error: error.reason };
}
await client.disconnect();
console.log(JSON.stringify({ ...answer, session: client.session.save() }));
`;

/** Does one step in a process of its own. */
async function run(telegram: OfflineTelegram, step: Step): Promise<Answer> {
  const { apiId, apiHash, dcs } = telegram;
  const keys = telegram.keys.map(({ n, e }) => ({ n: n.toBase64(), e: e.toBase64() }));
  const told = JSON.stringify({ step, apiId, apiHash, dcs, keys });
  const args = ["run", "-A", "--no-check", "--ext=ts", "-", told];
  const { stdout, stderr, code } = await runDeno(args, PROGRAM);
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout) as Answer;
}

longTest(
  "two processes sign in with a code: one asks for it, the other gives it back",
  async () => {
    await using telegram = await OfflineTelegram.start();
    const asked = await run(telegram, { phone: "+9996621111" });
    assertEquals(asked.kind, "login");
    const signedIn = await run(telegram, { ...asked, code: "22222" });
    assertEquals([signedIn.kind, signedIn.token], ["user", undefined]);
    assertEquals(signedIn.session, asked.session); // the same key, which is signed in now
    assertEquals(telegram.api.authorizations("+9996621111").length, 1);
  },
);

Deno.test("three processes sign in with code and password at the right data center", async () => {
  const phone = "+9996622222";
  const account = { phone, code: "22222", password: "hunter2", hint: "the usual", dcId: 4 };
  await using telegram = await OfflineTelegram.start({ dcs: [2, 4], accounts: [account] });
  const asked = await run(telegram, { phone });
  const needed = await run(telegram, { ...asked, code: "22222" });
  assertEquals([needed.kind, needed.hint], ["password", "the usual"]);
  const wrong = await run(telegram, { ...needed, password: "hunter3" });
  assertEquals(wrong.error, "passwordInvalid");
  const signedIn = await run(telegram, { ...needed, password: "hunter2" });
  assertEquals([signedIn.kind, signedIn.id !== undefined], ["user", true]);
});

longTest("three processes sign up", async () => {
  await using telegram = await OfflineTelegram.start();
  const asked = await run(telegram, { phone: "+9996655555" });
  const required = await run(telegram, { ...asked, code: "55555" });
  assertEquals(required.kind, "signUp");
  assertEquals((await run(telegram, { ...required, firstName: "Grace" })).kind, "user");
});

longTest("a process with another session cannot use the token", async () => {
  await using telegram = await OfflineTelegram.start();
  const asked = await run(telegram, { phone: "+9996621111" });
  const other = await run(telegram, { phone: "+9996622222" });
  const { token } = asked;
  for (const session of ["", other.session]) {
    assertEquals((await run(telegram, { session, token, code: "22222" })).error, "otherSession");
  }
  // The right one still can.
  assert((await run(telegram, { ...asked, code: "22222" })).id !== undefined);
});
