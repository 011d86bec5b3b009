import {
  botSignIn,
  type CodeDetails,
  getMe,
  SignInError,
  type SignInErrorReason,
  start,
  User,
} from "../../../src/auth/mod.ts";
import {
  checkPassword,
  checkRecoveryCode,
  recoverPassword,
} from "../../../src/auth/password/mod.ts";
import { interactiveLogin } from "../../../src/auth/person/mod.ts";
import {
  requestLoginCode,
  setUpLoginEmail,
  signIn,
  signUp,
  verifyLoginEmail,
} from "../../../src/auth/code/mod.ts";
import { LoginToken, PasswordToken, SignUpToken } from "../../../src/auth/tokens/mod.ts";
import { RpcError } from "../../../src/connection/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "../../helpers/assert.ts";
import {
  ADA,
  assertNoSecret,
  CODE,
  codeSent,
  type Line,
  PHONE,
  play,
  refusal,
  type ScriptedTelegram,
  sendCode,
  signedIn,
  signInCall,
} from "../../helpers/scripted_telegram.ts";
import { rightPassword } from "../../helpers/server_password.ts";

function tokenBy(type: Api.auth.SentCodeType): LoginToken {
  return new LoginToken(PHONE, codeSent(type));
}
const TOKEN = tokenBy({ _: "auth.sentCodeTypeApp", length: 5 });

Deno.test("requestLoginCode() returns a token with the way of the code", async () => {
  const answer: Api.auth.sentCode = {
    ...codeSent(),
    nextType: { _: "auth.codeTypeSms" },
    timeout: 60,
  };
  const token = await play([sendCode(answer)], (telegram) => requestLoginCode(telegram, PHONE));
  assertEquals(token.kind, "login");
  assertEquals(token.phone, PHONE);
  const { deliveredBy, codeLength, nextBy, timeout } = token;
  assertEquals({ deliveredBy, codeLength, nextBy, timeout }, {
    deliveredBy: "app",
    codeLength: 5,
    nextBy: "sms",
    timeout: 60,
  });
});

Deno.test("A login token knows every way in which Telegram sends codes", () => {
  const cases: [type: Api.auth.SentCodeType, by: string, length?: number][] = [
    [{ _: "auth.sentCodeTypeSms", length: 6 }, "sms", 6],
    [{ _: "auth.sentCodeTypeCall", length: 5 }, "call", 5],
    [{ _: "auth.sentCodeTypeFlashCall", pattern: "123*" }, "flashCall"],
    [{ _: "auth.sentCodeTypeMissedCall", prefix: "44", length: 4 }, "missedCall", 4],
    [{ _: "auth.sentCodeTypeEmailCode", emailPattern: "a*@b.c", length: 6 }, "email", 6],
    [{ _: "auth.sentCodeTypeSetUpEmailRequired" }, "emailSetUpRequired"],
    [{ _: "auth.sentCodeTypeFragmentSms", url: "https://fragment.com", length: 5 }, "fragment", 5],
    [{ _: "auth.sentCodeTypeFirebaseSms", length: 6 }, "firebase", 6],
    [{ _: "auth.sentCodeTypeSmsWord" }, "smsWord"],
    [{ _: "auth.sentCodeTypeSmsPhrase", beginning: "once" }, "smsPhrase"],
  ];
  for (const [type, by, length] of cases) {
    const { deliveredBy, codeLength } = tokenBy(type);
    assertEquals([deliveredBy, codeLength], [by, length]);
  }
});

Deno.test("requestLoginCode() removes punctuation from the phone number", async () => {
  for (const phone of ["+999 66 2 1111", "+999-(66)-2.11 11", "\t+9996621111\n"]) {
    await play([sendCode()], (telegram) => requestLoginCode(telegram, phone));
  }
  await play(
    [sendCode(codeSent(), "9996621111")],
    (telegram) => requestLoginCode(telegram, "9996621111"),
  );
});

Deno.test("requestLoginCode() refuses a malformed phone number without a call", async () => {
  for (const phone of ["", "abc", "+", "1234", "+1234567890123456", "777:TOKEN", "++9996621111"]) {
    const error = await play(
      [],
      (telegram) =>
        assertRejects(() => requestLoginCode(telegram, phone), SignInError, "international form"),
    );
    assertEquals(error.reason, "phoneInvalid");
  }
});

Deno.test("requestLoginCode() follows Telegram to the data center of the account", async () => {
  await play([
    sendCode(refusal(303, "NETWORK_MIGRATE_1")),
    ["moveHome", 1],
    sendCode(refusal(303, "PHONE_MIGRATE_4")),
    ["moveHome", 4],
    sendCode(),
  ], async (telegram) => {
    await requestLoginCode(telegram, PHONE);
    assertEquals(telegram.session.state.dcId, 4);
  });
});

Deno.test("requestLoginCode() stops following a server that sends it in circles", async () => {
  const round = (dcId: number): [Line, ["moveHome", number]] => [
    sendCode(refusal(303, `PHONE_MIGRATE_${dcId}`)),
    ["moveHome", dcId],
  ];
  const script = [...round(1), ...round(2), ...round(1), sendCode(refusal(303, "PHONE_MIGRATE_2"))];
  await play(
    script,
    (telegram) =>
      assertRejects(() => requestLoginCode(telegram, PHONE), RpcError, "PHONE_MIGRATE_2"),
  );
});

Deno.test("requestLoginCode() begins again once when Telegram asks for it", async () => {
  const restart = sendCode(refusal(500, "AUTH_RESTART"));
  await play([restart, sendCode()], (telegram) => requestLoginCode(telegram, PHONE));
  const numbered = sendCode(refusal(500, "AUTH_RESTART_3"));
  await play([numbered, sendCode()], (telegram) => requestLoginCode(telegram, PHONE));
  const error = await play(
    [restart, restart],
    (telegram) => assertRejects(() => requestLoginCode(telegram, PHONE), SignInError),
  );
  assertEquals(error.reason, "restartNeeded");
});

Deno.test("requestLoginCode() has a reason for each of Telegram's refusals", async () => {
  const cases: [code: number, name: string, reason: SignInErrorReason, seconds?: number][] = [
    [400, "API_ID_INVALID", "apiIdInvalid"],
    [400, "API_ID_PUBLISHED_FLOOD", "apiIdInvalid"],
    [400, "PHONE_NUMBER_BANNED", "phoneBanned"],
    [400, "PHONE_NUMBER_FLOOD", "flood"],
    [400, "PHONE_NUMBER_APP_SIGNUP_FORBIDDEN", "signUpForbidden"],
    [400, "PHONE_PASSWORD_PROTECTED", "phonePasswordProtected"],
    [406, "PHONE_PASSWORD_FLOOD", "flood"],
    [406, "PHONE_NUMBER_INVALID", "phoneInvalid"],
    [400, "SMS_CODE_CREATE_FAILED", "codeNotSent"],
    [406, "UPDATE_APP_TO_LOGIN", "appOutdated"],
    [406, "AUTH_KEY_DUPLICATED", "authKeyDuplicated"],
    [420, "FLOOD_WAIT_86400", "flood", 86400],
  ];
  for (const [code, name, reason, seconds] of cases) {
    const cause = refusal(code, name);
    const error = await play(
      [sendCode(cause)],
      (telegram) =>
        assertRejects(
          () => requestLoginCode(telegram, PHONE),
          SignInError,
          "Cannot request a login code: ",
        ),
    );
    assertEquals([error.reason, error.errorMessage, error.code, error.seconds], [
      reason,
      name,
      code,
      seconds,
    ]);
    assertEquals(error.cause === cause, true);
    if (seconds !== undefined) assertStringIncludes(error.message, "Wait 24 hours.");
    assertNoSecret([error]);
  }
});

Deno.test("requestLoginCode() passes on errors that it knows nothing of", async () => {
  const unknown = refusal(400, "SOMETHING_NEW");
  const broken = new TypeError("no network");
  for (const cause of [unknown, broken]) {
    const error = await play(
      [sendCode(cause)],
      (telegram) => assertRejects(() => requestLoginCode(telegram, PHONE)),
    );
    assertEquals(error === cause, true);
  }
});

const PAYMENT: Api.auth.sentCodePaymentRequired = {
  _: "auth.sentCodePaymentRequired",
  storeProduct: "p",
  phoneCodeHash: "h",
  supportEmailAddress: "a@b.c",
  supportEmailSubject: "s",
  premiumDays: 7,
  currency: "USD",
  amount: 150n,
};

Deno.test("requestLoginCode() returns a token with the price of the code", async () => {
  const token = await play(
    [sendCode(PAYMENT)],
    (telegram) => requestLoginCode(telegram, PHONE),
  );
  assertEquals(token.delivery, {
    by: "paymentRequired",
    storeProduct: "p",
    currency: "USD",
    amount: 150n,
    premiumDays: 7,
    supportEmail: "a@b.c",
    supportSubject: "s",
  });
  const error = await play(
    [],
    (telegram) => assertRejects(() => signIn(telegram, token, CODE), SignInError),
  );
  assertEquals(error.reason, "paymentRequired");
});

Deno.test("requestLoginCode() puts the user in the token when no code is needed", async () => {
  const success = { _: "auth.sentCodeSuccess", authorization: signedIn(ADA) };
  await play([sendCode(success)], async (telegram) => {
    const token = await requestLoginCode(telegram, PHONE);
    assertEquals([token.deliveredBy, token.codeLength], ["notNeeded", undefined]);
    assertEquals(telegram.session.state.user?.id, 42n);
    const user = await signIn(telegram, token, "");
    assertEquals(user === token.outcome && user.kind, "user");
  });
});

Deno.test("requestLoginCode() returns a password token when only it is needed", async () => {
  const password = { _: "account.password", hasPassword: true, hint: "a pet" };
  const needed = refusal(401, "SESSION_PASSWORD_NEEDED");
  const token = await play(
    [sendCode(needed), ["account.getPassword", {}, password]],
    (telegram) => requestLoginCode(telegram, PHONE),
  );
  assertEquals([token.deliveredBy, token.outcome?.kind], ["notNeeded", "password"]);
});

Deno.test("signIn() returns the user, and saves the session", async () => {
  await play([signInCall(signedIn(ADA))], async (telegram) => {
    const user = await signIn(telegram, TOKEN, CODE);
    assertInstanceOf(user, User);
    assertEquals([user.id, user.firstName, user.username, user.isBot], [42n, "Ada", "ada", false]);
    assertEquals(user.phone, PHONE.slice(1));
    assertEquals(telegram.session.state.user, { id: 42n, isBot: false, username: "ada", dcId: 2 });
    assertEquals(telegram.saved.length, 1);
  });
});

Deno.test("The user of a sign-in has extra fields; the user of getMe() has not", async () => {
  const details = { setupPasswordRequired: true, otherwiseReloginDays: 7, tmpSessions: 3 };
  const script: Line[] = [
    signInCall({ ...signedIn(ADA), ...details }),
    signInCall(signedIn(ADA)),
    ["users.getUsers", {}, [ADA]],
  ];
  await play(script, async (telegram) => {
    const [told, untold] = [
      await signIn(telegram, TOKEN, CODE),
      await signIn(telegram, TOKEN, CODE),
    ];
    assert(told.kind === "user" && untold.kind === "user");
    assertEquals(told.authorization, details);
    assertEquals(untold.authorization?.setupPasswordRequired, false);
    assertEquals(untold.authorization?.otherwiseReloginDays, undefined);
    assertEquals((await getMe(telegram))?.authorization, undefined);
  });
});

Deno.test("signIn() takes a code as people copy it", async () => {
  for (const code of [" 22222\n", "22-222", "2 2 2 2 2"]) {
    await play([signInCall(signedIn(ADA))], (telegram) => signIn(telegram, TOKEN, code));
  }
  const phrase = tokenBy({ _: "auth.sentCodeTypeSmsPhrase" });
  const call = signInCall(signedIn(ADA), "once upon a time");
  await play([call], (telegram) => signIn(telegram, phrase, " once upon a time "));
});

Deno.test("Arguments that are not strings are refused without a call", async () => {
  const nothing = [undefined, null, 5, {}, [], true, 5n] as unknown as string[];
  const { password } = rightPassword(7n, signedIn(ADA));
  const token = new PasswordToken(password);
  const required: Api.auth.authorizationSignUpRequired = { _: "auth.authorizationSignUpRequired" };
  const signUpToken = new SignUpToken(PHONE, required, "hash");
  const byEmail = tokenBy({ _: "auth.sentCodeTypeEmailCode", emailPattern: "a*@b.c", length: 5 });
  const ask = {
    say() {},
    askLine: () => Promise.resolve(""),
    askHidden: () => Promise.resolve(""),
  };
  type Step = (telegram: ScriptedTelegram, given: string) => Promise<unknown>;
  const steps: [reason: SignInErrorReason, step: Step][] = [
    ["phoneInvalid", requestLoginCode],
    ["botTokenInvalid", botSignIn],
    ["codeEmpty", (telegram, given) => signIn(telegram, TOKEN, given)],
    ["codeEmpty", (telegram, given) => signIn(telegram, byEmail, given)],
    ["codeEmpty", (telegram, given) => verifyLoginEmail(telegram, TOKEN, given)],
    ["emailInvalid", (telegram, given) => setUpLoginEmail(telegram, TOKEN, given)],
    ["codeEmpty", checkRecoveryCode],
    ["codeEmpty", (telegram, given) => recoverPassword(telegram, token, given)],
    ["passwordEmpty", (telegram, given) => checkPassword(telegram, token, given)],
    ["termsNotAccepted", (telegram, given) => signUp(telegram, signUpToken, given as never)],
    ["nameInvalid", (telegram, firstName) => {
      return signUp(telegram, signUpToken, { firstName, acceptTerms: true });
    }],
    ["nameInvalid", (telegram, given) => {
      const lastName = given ?? 5 as unknown as string;
      return signUp(telegram, signUpToken, { firstName: "Ada", lastName, acceptTerms: true });
    }],
    ["phoneInvalid", (telegram, given) => interactiveLogin(telegram, given ?? null, { ask })],
  ];
  for (const [reason, step] of steps) {
    for (const given of nothing) {
      const error = await play([], (telegram) => assertRejects(() => step(telegram, given)));
      if (reason === "codeEmpty" && ["number", "bigint"].includes(typeof given)) {
        assertInstanceOf(error, TypeError); // not an empty code, and not the right one any more
        assertStringIncludes(error.message, "it is a number, which has lost its leading zeros");
      } else {
        assertInstanceOf(error, SignInError, `${reason}: ${given}`);
        assertEquals(error.reason, reason);
      }
    }
  }
  for (const qrCode of nothing.slice(1) as unknown as (() => void)[]) {
    await play([], (telegram) => assertRejects(() => start(telegram, { qrCode }), TypeError));
  }
});

Deno.test("signIn() sends a code that came by email as such", async () => {
  const token = tokenBy({ _: "auth.sentCodeTypeEmailCode", emailPattern: "a*@b.c", length: 5 });
  const emailVerification = { _: "emailVerificationCode", code: CODE };
  await play(
    [["auth.signIn", { emailVerification, phoneCode: undefined }, signedIn(ADA)]],
    (telegram) => signIn(telegram, token, CODE),
  );
});

Deno.test("signIn() returns a password token when the account has 2FA", async () => {
  const password = { _: "account.password", hasPassword: true, hint: "a pet", hasRecovery: true };
  await play([
    signInCall(refusal(401, "SESSION_PASSWORD_NEEDED")),
    ["account.getPassword", {}, password],
  ], async (telegram) => {
    const token = await signIn(telegram, TOKEN, CODE);
    assertInstanceOf(token, PasswordToken);
    assertEquals([token.kind, token.hint, token.hasRecovery], ["password", "a pet", true]);
    assertEquals(telegram.session.state.user, undefined);
    assertNoSecret([token], ["a pet"]);
  });
});

Deno.test("signIn() returns a sign-up token when the number has no account", async () => {
  const termsOfService: Api.help.termsOfService = {
    _: "help.termsOfService",
    id: { _: "dataJSON", data: "{}" },
    text: "Be kind.",
    entities: [],
  };
  const answer = { _: "auth.authorizationSignUpRequired", termsOfService };
  const token = await play([signInCall(answer)], (telegram) => signIn(telegram, TOKEN, CODE));
  assertInstanceOf(token, SignUpToken);
  assertEquals([token.kind, token.phone], ["signUp", PHONE]);
  assertEquals(token.termsOfService?.text, "Be kind.");
  assertNoSecret([token]);
});

Deno.test("signIn() refuses an empty code and a missing email without a call", async () => {
  for (const code of ["", "  ", "\n"]) {
    const error = await play(
      [],
      (telegram) => assertRejects(() => signIn(telegram, TOKEN, code), SignInError),
    );
    assertEquals(error.reason, "codeEmpty");
  }
  const setUp = tokenBy({ _: "auth.sentCodeTypeSetUpEmailRequired" });
  const error = await play(
    [],
    (telegram) => assertRejects(() => signIn(telegram, setUp, CODE), SignInError),
  );
  assertEquals(error.reason, "emailSetUpRequired");
});

Deno.test("signIn() has a reason for each of Telegram's refusals", async () => {
  const cases: [code: number, name: string, reason: SignInErrorReason, says: string][] = [
    [400, "PHONE_CODE_INVALID", "codeInvalid", "newest code"],
    [400, "PHONE_CODE_EXPIRED", "codeExpired", "voids a code that is typed into a chat"],
    [400, "PHONE_CODE_EMPTY", "codeEmpty", "code is empty"],
    [400, "PHONE_NUMBER_UNOCCUPIED", "phoneUnregistered", "has an account"],
    [406, "PHONE_NUMBER_INVALID", "phoneInvalid", "international form"],
    [500, "AUTH_RESTART", "restartNeeded", "Request a new code"],
    [500, "SIGN_IN_FAILED", "restartNeeded", "Request a new code"],
    [401, "USER_DEACTIVATED", "accountDeactivated", "deactivated"],
    [420, "FLOOD_WAIT_30", "flood", "30 seconds"],
  ];
  for (const [code, name, reason, says] of cases) {
    const error = await play(
      [signInCall(refusal(code, name))],
      (telegram) => assertRejects(() => signIn(telegram, TOKEN, CODE), SignInError, says),
    );
    assertEquals(error.reason, reason);
    assertNoSecret([error]);
  }
});

Deno.test("A login token describes where to look for the code, for each way", () => {
  const cases: [type: Api.auth.SentCodeType, delivery: CodeDetails][] = [
    [{ _: "auth.sentCodeTypeFlashCall", pattern: "123*" }, { by: "flashCall", pattern: "123*" }],
    [{ _: "auth.sentCodeTypeMissedCall", prefix: "44", length: 4 }, {
      by: "missedCall",
      prefix: "44",
      length: 4,
    }],
    [{ _: "auth.sentCodeTypeFragmentSms", url: "https://fragment.com/1", length: 5 }, {
      by: "fragment",
      url: "https://fragment.com/1",
      length: 5,
    }],
    [{ _: "auth.sentCodeTypeSmsWord", beginning: "w" }, { by: "smsWord", beginning: "w" }],
    [{ _: "auth.sentCodeTypeSmsPhrase" }, { by: "smsPhrase", beginning: undefined }],
    [{
      _: "auth.sentCodeTypeEmailCode",
      googleSigninAllowed: true,
      emailPattern: "a***@b.c",
      length: 6,
      resetAvailablePeriod: 604800,
      resetPendingDate: 1_750_000_000,
    }, {
      by: "email",
      emailPattern: "a***@b.c",
      length: 6,
      resetAvailablePeriod: 604800,
      resetPendingDate: new Date(1_750_000_000_000),
      allowsApple: false,
      allowsGoogle: true,
    }],
  ];
  for (const [type, delivery] of cases) assertEquals(tokenBy(type).delivery, delivery);
});

Deno.test("A step ends at once when its signal is aborted already", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await play([], async (telegram) => {
    await assertRejects(() => requestLoginCode(telegram, PHONE, { signal }), Error, "enough");
    await assertRejects(() => signIn(telegram, TOKEN, CODE, { signal }), Error, "enough");
  });
});

Deno.test("Tokens and users show no secret, however they are printed", () => {
  const user = new User({ ...ADA, accessHash: 987654321n });
  assertNoSecret([TOKEN, { TOKEN }, [user], user], ["987654321"]);
  assert(Deno.inspect(TOKEN).includes("…11"));
  assert(`${user}`.includes("Ada"));
  assertEquals(Object.keys(TOKEN).includes("phoneCodeHash"), false);
});

Deno.test("User takes the first active username, and no name for a deleted account", () => {
  const usernames: Api.Username[] = [
    { _: "username", username: "old" },
    { _: "username", username: "new", active: true },
  ];
  assertEquals(new User({ _: "user", id: 1n, usernames }).username, "new");
  assertEquals(new User({ _: "user", id: 1n, deleted: true }).firstName, "");
});
