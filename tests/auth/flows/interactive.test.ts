import { type Asker, qrModules, SignInError } from "../../../src/auth/mod.ts";
import { interactiveLogin } from "../../../src/auth/person/mod.ts";
import { encodeBase64Url } from "../../../src/crypto/mod.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../../helpers/assert.ts";
import {
  ADA,
  BOT,
  BOT_TOKEN,
  CODE,
  codeSent,
  type Line,
  PASSWORD,
  PHONE,
  play,
  refusal,
  sendCode,
  signedIn,
  signInCall,
} from "../../helpers/scripted_telegram.ts";
import { rightPassword } from "../../helpers/server_password.ts";

const WRONG_CODE = refusal(400, "PHONE_CODE_INVALID");
const PASSWORD_NEEDED = refusal(401, "SESSION_PASSWORD_NEEDED");
const SERVER = rightPassword(7n, signedIn(ADA));
const getPassword: Line = ["account.getPassword", {}, SERVER.password];
const checkPassword: Line = ["auth.checkPassword", {}, SERVER.check];
const importBot: Line = ["auth.importBotAuthorization", { botAuthToken: BOT_TOKEN }, signedIn(BOT)];

/** A person who types these lines, in this order; `hidden` those that may not be seen. */
class Person implements Asker {
  readonly seen: string[] = [];
  readonly hidden: string[] = [];
  readonly #lines: string[];
  constructor(...lines: string[]) {
    this.#lines = lines;
  }
  say(text: string): void {
    this.seen.push(text);
  }
  askLine(question: string): Promise<string> {
    this.seen.push(question);
    const line = this.#lines.shift();
    return line === undefined
      ? Promise.reject(new Error("asked too often"))
      : Promise.resolve(line);
  }
  askHidden(question: string): Promise<string> {
    this.hidden.push(question);
    return this.askLine(question);
  }
}

Deno.test("interactiveLogin() asks for phone, code and password, and hides it", async () => {
  const ask = new Person(PHONE, CODE, PASSWORD);
  const script = [sendCode(), signInCall(PASSWORD_NEEDED), getPassword, checkPassword];
  const user = await play(script, (telegram) => interactiveLogin(telegram, undefined, { ask }));
  assertEquals(user.firstName, "Ada");
  assertEquals(ask.hidden, ["2FA password (hint: a pet): "]);
  assert(ask.seen.some((line) => line.includes("to your Telegram app")));
});

Deno.test("interactiveLogin() repeats the question until the input is plausible", async () => {
  const ask = new Person("", "Ada", "123", "123:", BOT_TOKEN);
  const user = await play(
    [importBot],
    (telegram) => interactiveLogin(telegram, undefined, { ask }),
  );
  assertEquals(user.isBot, true);
});

Deno.test("interactiveLogin() asks again after a wrong number, code or password", async () => {
  const ask = new Person("+9990000000", "oops", PHONE, "11111", CODE, "wrong", PASSWORD);
  const script = [
    sendCode(refusal(406, "PHONE_NUMBER_INVALID"), "+9990000000"),
    sendCode(),
    signInCall(WRONG_CODE, "11111"),
    signInCall(PASSWORD_NEEDED),
    getPassword,
    checkPassword,
    checkPassword,
  ];
  await play(script, (telegram) => interactiveLogin(telegram, undefined, { ask }));
  assert(ask.seen.some((line) => line.includes("the code is wrong")));
  assert(ask.seen.some((line) => line.includes("the 2FA password is wrong")));
});

Deno.test("interactiveLogin() asks again after a wrong bot token", async () => {
  const ask = new Person("777:WRONG", "nothing", BOT_TOKEN);
  const refused: Line = [
    "auth.importBotAuthorization",
    { botAuthToken: "777:WRONG" },
    refusal(400, "ACCESS_TOKEN_INVALID"),
  ];
  await play([refused, importBot], (telegram) => interactiveLogin(telegram, undefined, { ask }));
});

Deno.test("interactiveLogin() asks only for missing answers", async () => {
  const ask = new Person(CODE);
  const script = [sendCode(), signInCall(PASSWORD_NEEDED), getPassword, checkPassword];
  await play(script, (telegram) => interactiveLogin(telegram, PHONE, { ask, password: PASSWORD }));
  assertEquals(ask.hidden, []);
  await play([importBot], (telegram) => interactiveLogin(telegram, BOT_TOKEN, { ask }));
});

Deno.test("interactiveLogin() tries a given number, token and password once", async () => {
  const refusals: [given: string | undefined, script: Line[], reason: string][] = [
    [PHONE, [sendCode(refusal(400, "PHONE_NUMBER_BANNED"))], "phoneBanned"],
    ["Ada", [], "phoneInvalid"],
    [
      BOT_TOKEN,
      [["auth.importBotAuthorization", {}, refusal(400, "ACCESS_TOKEN_INVALID")]],
      "botTokenInvalid",
    ],
    [
      PHONE,
      [sendCode(), signInCall(PASSWORD_NEEDED), getPassword, checkPassword],
      "passwordInvalid",
    ],
  ];
  for (const [given, script, reason] of refusals) {
    const ask = new Person(CODE);
    const error = await play(
      script,
      (telegram) =>
        assertRejects(
          () => interactiveLogin(telegram, given, { ask, password: "wrong" }),
          SignInError,
        ),
    );
    assertEquals<string>(error.reason, reason);
  }
});

Deno.test("interactiveLogin() returns the user who is signed in, and asks nothing", async () => {
  const me: Line = ["users.getUsers", {}, [ADA]];
  const user = await play(
    [me],
    (telegram) => interactiveLogin(telegram, undefined, { ask: new Person() }),
    { keyIsNew: false },
  );
  assertEquals(user.id, 42n);
});

Deno.test("interactiveLogin() fails after five wrong codes", async () => {
  const codes = ["1", "2", "3", "4", "5"];
  const script = [sendCode(), ...codes.map((code) => signInCall(WRONG_CODE, code))];
  const ask = new Person(...codes);
  const error = await play(
    script,
    (telegram) => assertRejects(() => interactiveLogin(telegram, PHONE, { ask }), SignInError),
  );
  assertEquals(error.reason, "codeInvalid");
});

Deno.test("interactiveLogin() says where the code went", async () => {
  const ways: [type: Parameters<typeof codeSent>[0], says: string][] = [
    [{ _: "auth.sentCodeTypeSms", length: 5 }, "by SMS"],
    [{ _: "auth.sentCodeTypeCall", length: 5 }, "calls you, and says"],
    [{ _: "auth.sentCodeTypeMissedCall", prefix: "44", length: 4 }, "the last 4 digits"],
    [{ _: "auth.sentCodeTypeFlashCall", pattern: "*" }, "the number that called"],
    [
      { _: "auth.sentCodeTypeFragmentSms", url: "https://fragment.com/x", length: 5 },
      "fragment.com",
    ],
    [{ _: "auth.sentCodeTypeFirebaseSms", length: 5 }, "to its own apps only"],
    [{ _: "auth.sentCodeTypeSmsWord" }, "a word by SMS"],
    [{ _: "auth.sentCodeTypeSmsPhrase" }, "a phrase by SMS"],
  ];
  for (const [type, says] of ways) {
    const ask = new Person(CODE);
    const script = [sendCode(codeSent(type)), signInCall(signedIn(ADA))];
    await play(script, (telegram) => interactiveLogin(telegram, PHONE, { ask }));
    assert(ask.seen.some((line) => line.includes(says)), says);
  }
});

Deno.test("interactiveLogin() asks for a login email when Telegram demands one", async () => {
  const ask = new Person("ada@example.com", "123456", CODE);
  const setUp = codeSent({ _: "auth.sentCodeTypeSetUpEmailRequired" });
  const byEmail = codeSent({ _: "auth.sentCodeTypeEmailCode", emailPattern: "a*@b.c", length: 5 });
  const script: Line[] = [
    sendCode(setUp),
    ["account.sendVerifyEmailCode", { email: "ada@example.com" }, {
      _: "account.sentEmailCode",
      emailPattern: "a*@b.c",
      length: 6,
    }],
    ["account.verifyEmail", {}, { _: "account.emailVerifiedLogin", email: "", sentCode: byEmail }],
    [
      "auth.signIn",
      { emailVerification: { _: "emailVerificationCode", code: CODE } },
      signedIn(ADA),
    ],
  ];
  await play(script, (telegram) => interactiveLogin(telegram, PHONE, { ask }));
  assert(ask.seen.some((line) => line.includes("sent a code to a*@b.c")));
  assert(ask.seen.some((line) => line.includes("to your login email, a*@b.c")));
});

Deno.test("interactiveLogin() shows the terms, and signs up after acceptance", async () => {
  const termsOfService = { _: "help.termsOfService", text: "Be kind." };
  const required = signInCall({ _: "auth.authorizationSignUpRequired", termsOfService });
  const signUp: Line = ["auth.signUp", { firstName: "Ada", lastName: "" }, signedIn(ADA)];
  const ask = new Person(CODE, "yes", "Ada", "");
  await play(
    [sendCode(), required, signUp],
    (telegram) => interactiveLogin(telegram, PHONE, { ask }),
  );
  assert(ask.seen.some((line) => line.includes("Be kind.")));
  const refusing = new Person(CODE, "no");
  const error = await play(
    [sendCode(), required],
    (telegram) =>
      assertRejects(() => interactiveLogin(telegram, PHONE, { ask: refusing }), SignInError),
  );
  assertEquals(error.reason, "termsNotAccepted");
});

Deno.test("interactiveLogin() reports that Telegram demands a 2FA password", async () => {
  for (const [days, words] of [[7, "only after 7 days."], [1, "only after a day."]] as const) {
    const ask = new Person(PHONE, CODE);
    const answer = { ...signedIn(ADA), setupPasswordRequired: true, otherwiseReloginDays: days };
    const script = [sendCode(), signInCall(answer)];
    await play(script, (telegram) => interactiveLogin(telegram, undefined, { ask }));
    const said = ask.seen.at(-1) ?? "";
    assertStringIncludes(said, "Telegram wants you to set a 2FA password");
    assertStringIncludes(said, words);
  }
  const ask = new Person(PHONE, CODE);
  const script = [sendCode(), signInCall(signedIn(ADA))];
  await play(script, (telegram) => interactiveLogin(telegram, undefined, { ask }));
  assert(!ask.seen.some((line) => line.includes("2FA")));
});

Deno.test("interactiveLogin() draws a QR code, and later a new one in its place", async () => {
  const ask = new Person();
  const token = (byte: number): Line => {
    const answer = { _: "auth.loginToken", token: new Uint8Array(32).fill(byte), expires: 30 };
    return ["auth.exportLoginToken", {}, answer];
  };
  const success = { _: "auth.loginTokenSuccess", authorization: signedIn(ADA) };
  const script = [token(1), token(2), ["auth.exportLoginToken", {}, success] as Line];
  const user = await play(
    script,
    (telegram) => interactiveLogin(telegram, undefined, { ask, qr: true }),
  );
  assertEquals([user.firstName, ask.seen.length], ["Ada", 2]);
  for (const [index, drawn] of ask.seen.entries()) {
    const url = drawn.match(/tg:\/\/login\?token=[\w-]+/)?.[0] ?? "";
    assertEquals(url, `tg://login?token=${encodeBase64Url(new Uint8Array(32).fill(index + 1))}`);
    const lines = drawn.split("\n").filter((line) => /^[█▀▄ ]+$/.test(line));
    const size = (await qrModules(url))?.length ?? 0;
    assertEquals(lines.map(({ length }) => length), lines.map(() => size + 4));
    assertEquals(lines.length, Math.ceil((size + 4) / 2));
  }
});

Deno.test("interactiveLogin() asks for the password after a QR code, and hides it", async () => {
  const ask = new Person("wrong", PASSWORD);
  const script: Line[] = [
    ["auth.exportLoginToken", {}, {
      _: "auth.loginToken",
      token: new Uint8Array(32),
      expires: 30,
    }],
    ["auth.exportLoginToken", {}, PASSWORD_NEEDED],
    getPassword,
    checkPassword,
    checkPassword,
  ];
  const user = await play(
    script,
    (telegram) => interactiveLogin(telegram, undefined, { ask, qr: true }),
  );
  assertEquals(user.firstName, "Ada");
  assertEquals(ask.hidden.length, 2);
});
