import {
  type NewAccount,
  type PasskeyAnswer,
  QrLogin,
  SignInError,
  type SignInErrorReason,
  start,
} from "../../../src/auth/mod.ts";
import { Passkeys } from "../../../src/auth/passkeys/mod.ts";
import { requestLoginCode, signUp } from "../../../src/auth/code/mod.ts";
import { SignUpToken } from "../../../src/auth/tokens/mod.ts";
import { webTokenSignIn } from "../../../src/auth/web_token.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../../helpers/assert.ts";
import {
  ADA,
  assertNoSecret,
  CODE,
  CODE_HASH,
  type Line,
  PHONE,
  play,
  refusal,
  type ScriptedTelegram,
  sendCode,
  signedIn,
  signInCall,
} from "../../helpers/scripted_telegram.ts";

const TERMS: Api.help.termsOfService = {
  _: "help.termsOfService",
  id: { _: "dataJSON", data: "{}" },
  text: "Be kind.",
  entities: [],
};
const REQUIRED: Api.auth.authorizationSignUpRequired = {
  _: "auth.authorizationSignUpRequired",
  termsOfService: TERMS,
};
const TOKEN = new SignUpToken(PHONE, REQUIRED, CODE_HASH);
const NAMES: NewAccount = { firstName: "Ada", lastName: "Lovelace", acceptTerms: true };

function signUpCall(answer: unknown, firstName = "Ada", lastName = "Lovelace"): Line {
  const name = { phoneNumber: PHONE, phoneCodeHash: CODE_HASH };
  return ["auth.signUp", { ...name, firstName, lastName }, answer];
}

Deno.test("signUp() makes the account, and keeps the session", async () => {
  await play([signUpCall(signedIn(ADA))], async (telegram) => {
    const user = await signUp(telegram, TOKEN, { ...NAMES, firstName: " Ada " });
    assertEquals([user.id, telegram.session.state.user?.id], [42n, 42n]);
  });
  await play(
    [signUpCall(signedIn(ADA), "Ada", "")],
    (telegram) => signUp(telegram, TOKEN, { firstName: "Ada", acceptTerms: true }),
  );
});

Deno.test("signUp() refuses without a call what cannot be right", async () => {
  const notAccepted = { ...NAMES, acceptTerms: false } as unknown as NewAccount;
  const cases: [NewAccount, SignInErrorReason][] = [
    [notAccepted, "termsNotAccepted"],
    [{ ...NAMES, firstName: " " }, "nameInvalid"],
  ];
  for (const [account, reason] of cases) {
    const error = await play(
      [],
      (telegram) => assertRejects(() => signUp(telegram, TOKEN, account), SignInError),
    );
    assertEquals(error.reason, reason);
  }
});

Deno.test("signUp() has a reason for each of Telegram's refusals", async () => {
  const cases: [name: string, reason: SignInErrorReason][] = [
    ["FIRSTNAME_INVALID", "nameInvalid"],
    ["LASTNAME_INVALID", "nameInvalid"],
    ["PHONE_CODE_EMPTY", "codeEmpty"],
    ["PHONE_CODE_EXPIRED", "codeExpired"],
    ["PHONE_CODE_INVALID", "codeInvalid"],
    ["PHONE_NUMBER_FLOOD", "flood"],
    ["PHONE_NUMBER_INVALID", "phoneInvalid"],
    ["PHONE_NUMBER_OCCUPIED", "phoneOccupied"],
  ];
  for (const [name, reason] of cases) {
    const error = await play(
      [signUpCall(refusal(400, name, "auth.signUp"))],
      (telegram) => assertRejects(() => signUp(telegram, TOKEN, NAMES), SignInError, "sign up"),
    );
    assertEquals([error.reason, error.errorMessage], [reason, name]);
    assertNoSecret([error]);
  }
});

Deno.test("start() signs up with names, after the terms were shown and accepted", async () => {
  const shown: string[] = [];
  const script = [sendCode(), signInCall(REQUIRED), signUpCall(signedIn(ADA))];
  await play(script, (telegram) =>
    start(telegram, {
      phoneNumber: PHONE,
      phoneCode: CODE,
      firstAndLastNames: () => Promise.resolve(["Ada", "Lovelace"] as const),
      acceptTerms: ({ text }) => {
        shown.push(text);
        return Promise.resolve(true);
      },
    }));
  assertEquals(shown, ["Be kind."]);
});

Deno.test("start() accepts no terms of its own accord", async () => {
  for (const acceptTerms of [undefined, false, () => false]) {
    const error = await play([sendCode(), signInCall(REQUIRED)], (telegram) =>
      assertRejects(
        () =>
          start(telegram, {
            phoneNumber: PHONE,
            phoneCode: CODE,
            firstAndLastNames: ["Ada"],
            acceptTerms,
          }),
        SignInError,
        "acceptTerms",
      ));
    assertEquals(error.reason, "termsNotAccepted");
  }
});

Deno.test("start() asks for other names when Telegram does not take them", async () => {
  const names = [["Ada", "x"], ["Ada", "Lovelace"]] as const;
  let asked = 0;
  const script = [
    sendCode(),
    signInCall({ _: "auth.authorizationSignUpRequired" }),
    signUpCall(refusal(400, "LASTNAME_INVALID"), "Ada", "x"),
    signUpCall(signedIn(ADA)),
  ];
  const user = await play(script, (telegram) =>
    start(telegram, {
      phoneNumber: PHONE,
      phoneCode: CODE,
      firstAndLastNames: () => names[asked++],
    }));
  assertEquals([user.id, asked], [42n, 2]);
});

const PASSKEY: PasskeyAnswer = {
  id: "AA",
  rawId: "AA",
  response: {
    clientDataJSON: "e30",
    authenticatorData: "AA",
    signature: "AA",
    userHandle: "Mjo0Mg",
  },
};
const QUESTION = {
  _: "auth.passkeyLoginOptions",
  options: { _: "dataJSON", data: '{"publicKey":{}}' },
};
const WITHOUT_CODE: Record<string, [Line[], (telegram: ScriptedTelegram) => Promise<unknown>]> = {
  "a QR code": [
    [["auth.exportLoginToken", {}, { _: "auth.loginTokenSuccess", authorization: REQUIRED }]],
    (telegram) => new QrLogin(telegram).result,
  ],
  "a web token": [
    [["auth.importWebTokenAuthorization", {}, REQUIRED]],
    (telegram) => webTokenSignIn(telegram, "token"),
  ],
  "a passkey": [
    [["auth.initPasskeyLogin", {}, QUESTION], ["auth.finishPasskeyLogin", {}, REQUIRED]],
    (telegram) => new Passkeys(telegram).signIn(() => PASSKEY),
  ],
  "a future auth token": [
    [sendCode({ _: "auth.sentCodeSuccess", authorization: REQUIRED })],
    (telegram) => requestLoginCode(telegram, PHONE),
  ],
};

for (const [way, [script, step]] of Object.entries(WITHOUT_CODE)) {
  Deno.test(`A sign-up demanded after ${way} without a code explains how to sign up`, async () => {
    const error = await play(
      script,
      (telegram) => assertRejects(() => step(telegram), SignInError),
    );
    assertEquals(error.reason, "phoneUnregistered");
    assertStringIncludes(error.message, "Make one with requestLoginCode(), signIn() and signUp()");
  });
}
