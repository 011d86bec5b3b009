import { SignInError, type SignInErrorReason } from "../../../src/auth/mod.ts";
import { checkPassword } from "../../../src/auth/password/mod.ts";
import { PasswordToken } from "../../../src/auth/tokens/mod.ts";
import { TELEGRAM_DH_PRIME } from "../../../src/crypto/mod.ts";
import { SecurityError } from "../../../src/mtproto/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assertEquals, assertRejects } from "../../helpers/assert.ts";
import {
  ADA,
  assertNoSecret,
  type Line,
  PASSWORD,
  play,
  refusal,
  signedIn,
} from "../../helpers/scripted_telegram.ts";
import { ALGO, PARAMETERS, rightPassword } from "../../helpers/server_password.ts";

const FIRST = rightPassword(1n, signedIn(ADA));
const SECOND = rightPassword(2n, signedIn(ADA));
const checking = (answer: unknown): Line => ["auth.checkPassword", {}, answer];

Deno.test("checkPassword() proves the right password, and keeps the session", async () => {
  await play([checking(FIRST.check)], async (telegram) => {
    const user = await checkPassword(telegram, new PasswordToken(FIRST.password), PASSWORD);
    assertEquals(user.id, 42n);
    assertEquals(telegram.session.state.user?.id, 42n);
    assertEquals(telegram.saved.length, 1);
  });
});

Deno.test("checkPassword() reports a wrong password, and takes another one", async () => {
  const token = new PasswordToken(FIRST.password);
  await play([checking(FIRST.check), checking(FIRST.check)], async (telegram) => {
    const error = await assertRejects(() => checkPassword(telegram, token, "wrong"), SignInError);
    assertEquals([error.reason, error.errorMessage], ["passwordInvalid", "PASSWORD_HASH_INVALID"]);
    assertNoSecret([error, token], ["wrong "]);
    await checkPassword(telegram, token, PASSWORD);
  });
});

Deno.test("checkPassword() fetches new parameters when the old ones expired", async () => {
  const token = new PasswordToken(FIRST.password);
  for (const name of ["SRP_ID_INVALID", "SRP_PASSWORD_CHANGED"]) {
    await play([
      checking(refusal(400, name)),
      ["account.getPassword", {}, SECOND.password],
      checking(SECOND.check),
    ], (telegram) => checkPassword(telegram, token, PASSWORD));
  }
  await play([checking(SECOND.check)], (telegram) => checkPassword(telegram, token, PASSWORD));
});

Deno.test("checkPassword() fetches fresh parameters only once", async () => {
  const error = await play(
    [
      checking(refusal(400, "SRP_ID_INVALID")),
      ["account.getPassword", {}, SECOND.password],
      checking(refusal(400, "SRP_ID_INVALID")),
    ],
    (telegram) =>
      assertRejects(
        () => checkPassword(telegram, new PasswordToken(FIRST.password), PASSWORD),
        SignInError,
      ),
  );
  assertEquals([error.reason, error.errorMessage], ["passwordChanged", "SRP_ID_INVALID"]);
});

Deno.test("checkPassword() refuses an empty password without a call", async () => {
  const error = await play(
    [],
    (telegram) =>
      assertRejects(
        () => checkPassword(telegram, new PasswordToken(FIRST.password), ""),
        SignInError,
      ),
  );
  assertEquals(error.reason, "passwordEmpty");
});

Deno.test("checkPassword() refuses unsafe parameters of the server, without a proof", async () => {
  const composite = TELEGRAM_DH_PRIME.slice();
  composite[255] ^= 2;
  const algo = (change: Partial<typeof PARAMETERS>): Partial<Api.account.password> => ({
    currentAlgo: { _: ALGO, ...PARAMETERS, ...change },
  });
  const cases: [what: string, change: Partial<Api.account.password>][] = [
    ["p is no safe prime", algo({ p: composite })],
    ["p is too short", algo({ p: TELEGRAM_DH_PRIME.subarray(1) })],
    ["g is out of range", algo({ g: 1 })],
    ["g does not fit p", algo({ g: 2 })],
    ["B is zero", { srpB: new Uint8Array(256) }],
    ["B is p", { srpB: TELEGRAM_DH_PRIME }],
    ["B is too long", { srpB: new Uint8Array(257).fill(1) }],
  ];
  for (const [what, change] of cases) {
    const token = new PasswordToken({ ...FIRST.password, ...change });
    const error = await play(
      [],
      (telegram) =>
        assertRejects(
          () => checkPassword(telegram, token, PASSWORD),
          SecurityError,
          "Cannot check",
          what,
        ),
    );
    assertEquals(error.check, "srp");
  }
});

Deno.test("checkPassword() reports an unknown algorithm and a removed password", async () => {
  const cases: [change: Partial<Api.account.password>, reason: SignInErrorReason][] = [
    [{ currentAlgo: { _: "passwordKdfAlgoUnknown" } }, "unsupported"],
    [{ currentAlgo: undefined, srpB: undefined, srpId: undefined }, "restartNeeded"],
  ];
  for (const [change, reason] of cases) {
    const token = new PasswordToken({ ...FIRST.password, ...change });
    const error = await play(
      [],
      (telegram) => assertRejects(() => checkPassword(telegram, token, PASSWORD), SignInError),
    );
    assertEquals(error.reason, reason);
  }
});

Deno.test("checkPassword() proves the password whatever the random numbers", async () => {
  // A difference g_b - k v below zero is as frequent as one above; both must be proved right.
  for (let round = 0; round < 6; round++) {
    const { password, check } = rightPassword(BigInt(round), signedIn(ADA));
    await play(
      [checking(check)],
      (telegram) => checkPassword(telegram, new PasswordToken(password), PASSWORD),
    );
  }
});
