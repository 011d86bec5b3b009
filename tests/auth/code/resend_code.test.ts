import {
  cancelCode,
  checkPaidCode,
  reportMissingCode,
  resendCode,
  resetLoginEmail,
  setUpLoginEmail,
  signIn,
  verifyLoginEmail,
} from "../../../src/auth/code/mod.ts";
import { SignInError, type SignInErrorReason } from "../../../src/auth/mod.ts";
import { LoginToken } from "../../../src/auth/tokens/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assertEquals, assertRejects } from "../../helpers/assert.ts";
import {
  ADA,
  assertNoSecret,
  CODE,
  CODE_HASH,
  codeSent,
  type Line,
  PHONE,
  play,
  refusal,
  type ScriptedTelegram,
  signedIn,
} from "../../helpers/scripted_telegram.ts";

const NAME = { phoneNumber: PHONE, phoneCodeHash: CODE_HASH };
const TOKEN = new LoginToken(PHONE, codeSent());
const EMAIL = "ada@example.com";
const SET_UP = new LoginToken(PHONE, codeSent({ _: "auth.sentCodeTypeSetUpEmailRequired" }));
const BY_EMAIL = codeSent({ _: "auth.sentCodeTypeEmailCode", emailPattern: "a*@b.c", length: 6 });
const PURPOSE = { _: "emailVerifyPurposeLoginSetup", ...NAME };

type Step = (telegram: ScriptedTelegram) => Promise<unknown>;

/** Each step with the method that it calls, and the refusals that the method's page names. */
const STEPS: [method: keyof Api.Methods, step: Step, refusals: [string, SignInErrorReason][]][] = [
  ["auth.resendCode", (telegram) => resendCode(telegram, TOKEN), [
    ["PHONE_CODE_EMPTY", "codeEmpty"],
    ["PHONE_CODE_EXPIRED", "codeExpired"],
    ["PHONE_CODE_HASH_EMPTY", "codeExpired"],
    ["PHONE_NUMBER_INVALID", "phoneInvalid"],
    ["SEND_CODE_UNAVAILABLE", "codeNotSent"],
    ["EMAIL_INSTALL_MISSING", "emailNotSetUp"],
    ["FLOOD_WAIT_60", "flood"],
  ]],
  ["auth.cancelCode", (telegram) => cancelCode(telegram, TOKEN), [
    ["PHONE_CODE_EXPIRED", "codeExpired"],
    ["PHONE_NUMBER_INVALID", "phoneInvalid"],
  ]],
  ["auth.reportMissingCode", (telegram) => reportMissingCode(telegram, TOKEN, "01"), [
    ["PHONE_NUMBER_INVALID", "phoneInvalid"],
  ]],
  ["auth.checkPaidAuth", (telegram) => checkPaidCode(telegram, TOKEN, 7n), [
    ["PHONE_NUMBER_INVALID", "phoneInvalid"],
  ]],
  ["account.sendVerifyEmailCode", (telegram) => setUpLoginEmail(telegram, SET_UP, EMAIL), [
    ["EMAIL_INVALID", "emailInvalid"],
    ["EMAIL_NOT_ALLOWED", "emailNotAllowed"],
    ["EMAIL_NOT_SETUP", "emailNotSetUp"],
    ["PHONE_CODE_EMPTY", "codeEmpty"],
    ["PHONE_HASH_EXPIRED", "codeExpired"],
    ["PHONE_NUMBER_INVALID", "phoneInvalid"],
  ]],
  ["account.verifyEmail", (telegram) => verifyLoginEmail(telegram, SET_UP, CODE), [
    ["CODE_INVALID", "codeInvalid"],
    ["EMAIL_INVALID", "emailInvalid"],
    ["EMAIL_NOT_ALLOWED", "emailNotAllowed"],
    ["EMAIL_VERIFY_EXPIRED", "codeExpired"],
    ["PHONE_NUMBER_INVALID", "phoneInvalid"],
  ]],
  ["auth.resetLoginEmail", (telegram) => resetLoginEmail(telegram, TOKEN), [
    ["EMAIL_INSTALL_MISSING", "emailNotSetUp"],
    ["PHONE_NUMBER_INVALID", "phoneInvalid"],
    ["TASK_ALREADY_EXISTS", "emailResetPending"],
  ]],
];

for (const [method, step, refusals] of STEPS) {
  Deno.test(`${method}: the step has a reason for each refusal, and shows no secret`, async () => {
    for (const [name, reason] of refusals) {
      const error = await play(
        [[method, {}, refusal(400, name, method)]],
        (telegram) => assertRejects(() => step(telegram), SignInError),
      );
      assertEquals<unknown>([error.reason, error.errorMessage], [reason, name]);
      assertNoSecret([error], ["ada@"]);
    }
  });

  Deno.test(`${method}: the step ends without a call when its signal is aborted`, async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await play([], async (telegram) => {
      const steps: Record<string, () => Promise<unknown>> = {
        "auth.resendCode": () => resendCode(telegram, TOKEN, { signal }),
        "auth.cancelCode": () => cancelCode(telegram, TOKEN, { signal }),
        "auth.reportMissingCode": () => reportMissingCode(telegram, TOKEN, "01", { signal }),
        "auth.checkPaidAuth": () => checkPaidCode(telegram, TOKEN, 7n, { signal }),
        "account.sendVerifyEmailCode": () => setUpLoginEmail(telegram, SET_UP, EMAIL, { signal }),
        "account.verifyEmail": () => verifyLoginEmail(telegram, SET_UP, CODE, { signal }),
        "auth.resetLoginEmail": () => resetLoginEmail(telegram, TOKEN, { signal }),
      };
      await assertRejects(() => steps[method](), Error, "enough");
    });
  });
}

Deno.test("resendCode() returns a new token with the new way and hash", async () => {
  const sms = { ...codeSent({ _: "auth.sentCodeTypeSms", length: 6 }), phoneCodeHash: "second" };
  await play([
    ["auth.resendCode", NAME, sms],
    ["auth.cancelCode", { phoneNumber: PHONE, phoneCodeHash: "second" }, true],
  ], async (telegram) => {
    const token = await resendCode(telegram, TOKEN);
    assertEquals([token.deliveredBy, token.codeLength], ["sms", 6]);
    await cancelCode(telegram, token);
  });
});

Deno.test("resendCode() puts the user in the token when no code is needed", async () => {
  const success = { _: "auth.sentCodeSuccess", authorization: signedIn(ADA) };
  const line: Line = ["auth.resendCode", NAME, success];
  const token = await play([line], (telegram) => resendCode(telegram, TOKEN));
  assertEquals([token.deliveredBy, token.outcome?.kind], ["notNeeded", "user"]);
});

Deno.test("reportMissingCode() takes two or three digits, and nothing else", async () => {
  const line: Line = ["auth.reportMissingCode", { ...NAME, mnc: "001" }, true];
  await play([line], (telegram) => reportMissingCode(telegram, TOKEN, "001"));
  for (const mnc of ["", "1", "1234", "ab"]) {
    await play(
      [],
      (telegram) =>
        assertRejects(() => reportMissingCode(telegram, TOKEN, mnc), TypeError, "mobile"),
    );
  }
});

Deno.test("checkPaidCode() returns the token of the paid code", async () => {
  const line: Line = ["auth.checkPaidAuth", { ...NAME, formId: 7n }, codeSent()];
  const token = await play([line], (telegram) => checkPaidCode(telegram, TOKEN, 7n));
  assertEquals(token.deliveredBy, "app");
});

Deno.test("A login email is set up with its code, and the login code goes there then", async () => {
  const sent = { _: "account.sentEmailCode", emailPattern: "a*@b.c", length: 6 };
  const verified = { _: "account.emailVerifiedLogin", email: EMAIL, sentCode: BY_EMAIL };
  const verification = { _: "emailVerificationCode", code: "123456" };
  await play([
    ["account.sendVerifyEmailCode", { purpose: PURPOSE, email: EMAIL }, sent],
    ["account.verifyEmail", { purpose: PURPOSE, verification }, verified],
  ], async (telegram) => {
    const code = await setUpLoginEmail(telegram, SET_UP, ` ${EMAIL}\n`);
    assertEquals(code, { emailPattern: "a*@b.c", length: 6 });
    const token = await verifyLoginEmail(telegram, SET_UP, "123-456");
    assertEquals([token.deliveredBy, token.codeLength], ["email", 6]);
  });
});

Deno.test("A malformed email address or code is refused without a call", async () => {
  for (const email of ["", "ada", "@", "ada @example.com"]) {
    const step = (telegram: ScriptedTelegram) => setUpLoginEmail(telegram, SET_UP, email);
    const error = await play([], (telegram) => assertRejects(() => step(telegram), SignInError));
    assertEquals(error.reason, "emailInvalid");
  }
  const error = await play(
    [],
    (telegram) => assertRejects(() => verifyLoginEmail(telegram, SET_UP, " "), SignInError),
  );
  assertEquals(error.reason, "codeEmpty");
});

Deno.test("verifyLoginEmail() fails when Telegram answers about another email", async () => {
  const other = { _: "account.emailVerified", email: EMAIL };
  const error = await play(
    [["account.verifyEmail", {}, other]],
    (telegram) => assertRejects(() => verifyLoginEmail(telegram, SET_UP, CODE), SignInError),
  );
  assertEquals(error.reason, "unsupported");
});

Deno.test("An identity token of Apple or Google replaces an emailed code", async () => {
  const byEmail = new LoginToken(PHONE, BY_EMAIL);
  const verified = { _: "account.emailVerifiedLogin", email: EMAIL, sentCode: BY_EMAIL };
  const proofs = [
    [{ appleToken: "a.b.c" }, { _: "emailVerificationApple", token: "a.b.c" }],
    [{ googleToken: "d.e.f" }, { _: "emailVerificationGoogle", token: "d.e.f" }],
  ] as const;
  for (const [proof, verification] of proofs) {
    await play([
      ["account.verifyEmail", { purpose: PURPOSE, verification }, verified],
      ["auth.signIn", { ...NAME, emailVerification: verification }, signedIn(ADA)],
    ], async (telegram) => {
      await verifyLoginEmail(telegram, SET_UP, proof);
      assertEquals((await signIn(telegram, byEmail, proof)).kind, "user");
    });
    const error = await play(
      [],
      (telegram) => assertRejects(() => signIn(telegram, TOKEN, proof), SignInError),
    );
    assertEquals(error.reason, "codeEmpty");
  }
});
