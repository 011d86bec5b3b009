import { SignInError } from "../../../src/auth/mod.ts";
import { checkPassword } from "../../../src/auth/password/mod.ts";
import { requestLoginCode, resendCode, signIn, signUp } from "../../../src/auth/code/mod.ts";
import {
  LoginToken,
  PasswordToken,
  resumeLogin,
  SignUpToken,
} from "../../../src/auth/tokens/mod.ts";
import { concatBytes, decodeBase64, encodeBase64Url, sha256 } from "../../../src/crypto/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "../../helpers/assert.ts";
import {
  ADA,
  CODE,
  codeSent,
  type Line,
  PHONE,
  refusal,
  ScriptedTelegram,
  sendCode,
  signedIn,
  signInCall,
} from "../../helpers/scripted_telegram.ts";
import { runs } from "../../helpers/long.ts";
import { pick, seededRandom } from "../../helpers/seeded_random.ts";
import { rightPassword } from "../../helpers/server_password.ts";

const KEY = new Uint8Array(256).fill(7);

/** A Telegram whose session has a key. */
function telegramWith(script: Line[], key = KEY, dcId = 2): ScriptedTelegram {
  const telegram = new ScriptedTelegram(script);
  telegram.session.setDC(dcId, "127.0.0.1", 443);
  telegram.session.setAuthKey(key);
  return telegram;
}

async function savedLogin(answer: Api.auth.SentCode = codeSent()): Promise<string> {
  return (await requestLoginCode(telegramWith([sendCode(answer)]), PHONE)).save();
}

Deno.test("resumeLogin() restores a login token that the next step accepts", async () => {
  const sent: Api.auth.sentCode = {
    ...codeSent({ _: "auth.sentCodeTypeMissedCall", prefix: "+4930", length: 4 }),
    nextType: { _: "auth.codeTypeSms" },
    timeout: 60,
  };
  const telegram = telegramWith([signInCall(signedIn(ADA))]);
  const token = await resumeLogin(telegram, await savedLogin(sent));
  assertInstanceOf(token, LoginToken);
  assertEquals(
    [token.phone, token.delivery, token.nextBy, token.timeout],
    [PHONE, { by: "missedCall", prefix: "+4930", length: 4 }, "sms", 60],
  );
  assertEquals((await signIn(telegram, token, CODE)).kind, "user");
});

Deno.test("resumeLogin() returns a token that can be saved again and reused", async () => {
  const telegram = telegramWith([["auth.resendCode", {}, codeSent()]]);
  const token = await resumeLogin(telegram, await savedLogin());
  assertInstanceOf(token, LoginToken);
  assertEquals(token.save(), await savedLogin());
  assertEquals((await resendCode(telegram, token)).save(), token.save());
});

Deno.test("resumeLogin() restores a password token with its hint", async () => {
  const { password } = rightPassword(7n, signedIn(ADA));
  const needed = refusal(401, "SESSION_PASSWORD_NEEDED");
  const telegram = telegramWith([signInCall(needed), ["account.getPassword", {}, password]]);
  const login = await resumeLogin(telegram, await savedLogin());
  assertInstanceOf(login, LoginToken);
  const outcome = await signIn(telegram, login, CODE);
  assertInstanceOf(outcome, PasswordToken);
  const restored = await resumeLogin(telegramWith([]), outcome.save());
  assertInstanceOf(restored, PasswordToken);
  assertEquals([restored.hint, restored.hasRecovery], [outcome.hint, outcome.hasRecovery]);
});

Deno.test("resumeLogin() restores a sign-up token with the terms of service", async () => {
  const termsOfService: Api.help.termsOfService = {
    _: "help.termsOfService",
    id: { _: "dataJSON", data: "{}" },
    text: "Be kind.",
    entities: [],
  };
  const required = { _: "auth.authorizationSignUpRequired", termsOfService };
  const telegram = telegramWith([signInCall(required)]);
  const login = await resumeLogin(telegram, await savedLogin());
  assertInstanceOf(login, LoginToken);
  const outcome = await signIn(telegram, login, CODE);
  assertInstanceOf(outcome, SignUpToken);
  const restored = await resumeLogin(telegramWith([]), outcome.save());
  assertInstanceOf(restored, SignUpToken);
  assertEquals([restored.phone, restored.termsOfService?.text], [PHONE, "Be kind."]);
  assertEquals(restored.save(), outcome.save());
});

for (
  const [what, telegram] of [
    ["another key", telegramWith([], new Uint8Array(256).fill(8))],
    ["another home data center", telegramWith([], KEY, 4)],
    ["no key", new ScriptedTelegram([])],
  ] as const
) {
  Deno.test(`resumeLogin() says otherSession when the session has ${what}`, async () => {
    const saved = await savedLogin();
    const error = await assertRejects(() => resumeLogin(telegram, saved), SignInError);
    assertEquals(error.reason, "otherSession");
    assert(error.message.includes("Use the session that the token came with"));
  });
}

Deno.test("resumeLogin() refuses text that is no saved token, and hides it", async () => {
  const saved = await savedLogin();
  const bytes = decodeBase64(saved);
  const changed = bytes.map((byte, index) => index === 20 ? byte ^ 1 : byte);
  const otherVersion = bytes.map((byte, index) => index === 0 ? 9 : byte);
  const texts = ["", "secret", saved.slice(0, -3), encodeBase64Url(changed)];
  for (const text of [...texts, encodeBase64Url(otherVersion)]) {
    const error = await assertRejects(() => resumeLogin(telegramWith([]), text), SignInError);
    assertEquals([error.reason, error.message.includes("secret")], ["savedTokenInvalid", false]);
  }
  assertEquals((await resumeLogin(telegramWith([]), ` ${saved}\n`)).kind, "login");
});

Deno.test("resumeLogin() refuses a token that somebody without the session changed", async () => {
  const saved = decodeBase64(await savedLogin());
  const random = seededRandom(9);
  for (let round = 0; round < runs(500, 20_000); round++) {
    const body = saved.slice(0, -4);
    const place = 16 + pick(random, body.length - 16); // behind the session that it names
    body[place] ^= 1 + pick(random, 255);
    const text = encodeBase64Url(concatBytes(body, sha256(body).subarray(0, 4)));
    const error = await assertRejects(() => resumeLogin(telegramWith([]), text), SignInError);
    assertEquals(error.reason, "savedTokenInvalid");
  }
});

Deno.test("Steps explain which token they expect instead of parsed JSON", async () => {
  const saved = await savedLogin();
  for (const token of [saved, JSON.parse(JSON.stringify({ kind: "login" })), {}]) {
    await assertRejects(() => signIn(telegramWith([]), token, CODE), TypeError, "no LoginToken");
    await assertRejects(() => resendCode(telegramWith([]), token), TypeError, "no LoginToken");
    const checking = () => checkPassword(telegramWith([]), token, "hunter2");
    await assertRejects(checking, TypeError, "no PasswordToken");
    const signingUp = () => signUp(telegramWith([]), token, { firstName: "A", acceptTerms: true });
    await assertRejects(signingUp, TypeError);
  }
});

Deno.test("save() refuses a token that no client made", () => {
  assertThrows(() => new LoginToken(PHONE, codeSent()).save(), TypeError, "no client made it");
});

Deno.test("save() of a used token advises to save the session", async () => {
  const success: Api.auth.sentCodeSuccess = {
    _: "auth.sentCodeSuccess",
    authorization: signedIn(ADA),
  };
  await assertRejects(() => savedLogin(success), TypeError, "expected the session to be saved");
});

Deno.test("A saved login token that needs only the password asks for the password", async () => {
  const password: Line = ["account.getPassword", {}, rightPassword(7n, signedIn(ADA)).password];
  const needed = sendCode(refusal(401, "SESSION_PASSWORD_NEEDED"));
  const login = await requestLoginCode(telegramWith([needed, password]), PHONE);
  assert(login.outcome instanceof PasswordToken);
  assertEquals(login.save(), login.outcome.save());
  assertInstanceOf(await resumeLogin(telegramWith([]), login.save()), PasswordToken);
});

Deno.test("Steps refuse tokens of other steps without a call", async () => {
  const telegram = telegramWith([]);
  const account = { firstName: "Ada", acceptTerms: true } as const;
  for (const wrong of [undefined, null, "a token", {}, { kind: "login" }]) {
    const token = wrong as never;
    for (
      const [step, kind] of [
        [() => signIn(telegram, token, CODE), "LoginToken"],
        [() => resendCode(telegram, token), "LoginToken"],
        [() => checkPassword(telegram, token, "hunter2"), "PasswordToken"],
      ] as const
    ) {
      await assertRejects(step, TypeError, `this is no ${kind}`);
    }
  }
  const signingUp = () => signUp(telegram, { kind: "signUp" } as never, account);
  await assertRejects(signingUp, TypeError, "this is no SignUpToken");
});
