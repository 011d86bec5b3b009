import {
  type LoginAnswers,
  LoginCancelledError,
  SignInError,
  start,
} from "../../../src/auth/mod.ts";
import { assertEquals, assertInstanceOf, assertRejects } from "../../helpers/assert.ts";
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

const ME: Line = ["users.getUsers", {}, [ADA]];
const WRONG_CODE = refusal(400, "PHONE_CODE_INVALID");
const PASSWORD_NEEDED = refusal(401, "SESSION_PASSWORD_NEEDED");
const ANSWERS: LoginAnswers = { phoneNumber: PHONE, phoneCode: CODE, password: PASSWORD };
const SERVER = rightPassword(7n, signedIn(ADA));
const getPassword: Line = ["account.getPassword", {}, SERVER.password];
const checkPassword: Line = ["auth.checkPassword", {}, SERVER.check];

/** Answers one after another; fails if asked too often. */
function inTurn(...answers: string[]): () => string {
  return () => {
    const next = answers.shift();
    if (next === undefined) throw new Error("asked too often");
    return next;
  };
}

Deno.test("start() signs in with a phone number, a code and a password, each a value", async () => {
  const script = [sendCode(), signInCall(PASSWORD_NEEDED), getPassword, checkPassword];
  const user = await play(script, (telegram) => start(telegram, ANSWERS));
  assertEquals(user.firstName, "Ada");
});

Deno.test("start() signs in with sync and async functions, and passes them hints", async () => {
  const told: unknown[] = [];
  const script = [sendCode(), signInCall(PASSWORD_NEEDED), getPassword, checkPassword];
  await play(script, (telegram) =>
    start(telegram, {
      phoneNumber: () => PHONE,
      phoneCode(isCodeViaApp, token) {
        told.push(isCodeViaApp, token.codeLength);
        return Promise.resolve(CODE);
      },
      password(hint) {
        told.push(hint);
        return Promise.resolve(PASSWORD);
      },
    }));
  assertEquals(told, [true, 5, "a pet"]);
});

Deno.test("start() tells the code's function when the code did not go to the app", async () => {
  const told: unknown[] = [];
  const sms = codeSent({ _: "auth.sentCodeTypeSms", length: 5 });
  await play([sendCode(sms), signInCall(signedIn(ADA))], (telegram) =>
    start(telegram, {
      phoneNumber: PHONE,
      phoneCode: (isCodeViaApp) => {
        told.push(isCodeViaApp);
        return CODE;
      },
    }));
  assertEquals(told, [false]);
});

Deno.test("start() signs in a bot with one call", async () => {
  const importBot: Line = [
    "auth.importBotAuthorization",
    { botAuthToken: BOT_TOKEN },
    signedIn(BOT),
  ];
  for (const botAuthToken of [BOT_TOKEN, () => BOT_TOKEN, () => Promise.resolve(BOT_TOKEN)]) {
    const user = await play([importBot], (telegram) => start(telegram, { botAuthToken }));
    assertEquals(user.isBot, true);
  }
});

Deno.test("start() returns the user who is signed in, and asks nothing", async () => {
  const unasked = inTurn();
  const user = await play(
    [ME],
    (telegram) => start(telegram, { phoneNumber: unasked, phoneCode: unasked }),
    { keyIsNew: false },
  );
  assertEquals(user.id, 42n);
});

Deno.test("start() signs in when the session has a key but no user", async () => {
  const nobody: Line = ["users.getUsers", {}, refusal(401, "AUTH_KEY_UNREGISTERED")];
  const script = [nobody, sendCode(), signInCall(signedIn(ADA))];
  await play(script, (telegram) => start(telegram, ANSWERS), { keyIsNew: false });
});

Deno.test("start() does not take another account for the bot that it was given", async () => {
  const error = await play(
    [ME],
    (telegram) => assertRejects(() => start(telegram, { botAuthToken: BOT_TOKEN }), SignInError),
    { keyIsNew: false },
  );
  assertEquals(error.reason, "otherAccount");
});

Deno.test("start() throws when a value is wrong, and does not ask for it again", async () => {
  const failing = { ...ANSWERS, onError: inTurn() };
  const wrongPhone = sendCode(refusal(406, "PHONE_NUMBER_INVALID"));
  const cases: [script: Line[], reason: string][] = [
    [[wrongPhone], "phoneInvalid"],
    [[sendCode(), signInCall(WRONG_CODE)], "codeInvalid"],
    [[sendCode(), signInCall(refusal(400, "PHONE_CODE_EXPIRED"))], "codeExpired"],
    [
      [sendCode(), signInCall(PASSWORD_NEEDED), getPassword, [
        "auth.checkPassword",
        {},
        refusal(400, "PASSWORD_HASH_INVALID"),
      ]],
      "passwordInvalid",
    ],
  ];
  for (const [script, reason] of cases) {
    const error = await play(
      script,
      (telegram) => assertRejects(() => start(telegram, failing), SignInError),
    );
    assertEquals<string>(error.reason, reason);
  }
});

Deno.test("start() asks again after a wrong answer, and calls onError", async () => {
  const errors: string[] = [];
  const script = [
    sendCode(refusal(406, "PHONE_NUMBER_INVALID"), "+9990000000"),
    sendCode(),
    signInCall(WRONG_CODE, "11111"),
    signInCall(PASSWORD_NEEDED),
    getPassword,
    checkPassword,
    checkPassword,
  ];
  await play(script, (telegram) =>
    start(telegram, {
      phoneNumber: inTurn("not a number", "+9990000000", PHONE),
      phoneCode: inTurn("", "11111", CODE),
      password: inTurn("", "wrong", PASSWORD),
      onError: (error) => {
        assertInstanceOf(error, SignInError);
        errors.push(error.reason);
        return false;
      },
    }));
  assertEquals(errors, [
    "phoneInvalid",
    "phoneInvalid",
    "codeEmpty",
    "codeInvalid",
    "passwordEmpty",
    "passwordInvalid",
  ]);
});

Deno.test("start() asks at most maxAttempts times, 3 unless told otherwise", async () => {
  for (const maxAttempts of [undefined, 1, 2]) {
    const tries = ["11111", "33333", "44444"].slice(0, maxAttempts ?? 3);
    const script = [sendCode(), ...tries.map((code) => signInCall(WRONG_CODE, code))];
    const error = await play(script, (telegram) =>
      assertRejects(
        () => start(telegram, { phoneNumber: PHONE, phoneCode: inTurn(...tries), maxAttempts }),
        SignInError,
      ));
    assertEquals(error.reason, "codeInvalid");
  }
});

Deno.test("start() never sends the same wrong answer twice", async () => {
  let told = 0;
  const error = await play(
    [sendCode(), signInCall(WRONG_CODE, "11111")],
    (telegram) =>
      assertRejects(() =>
        start(telegram, {
          phoneNumber: PHONE,
          phoneCode: inTurn("11111", " 111-11", "11111"),
          onError: () => {
            told++;
          },
        }), SignInError),
  );
  assertEquals([error.reason, told], ["codeInvalid", 3]);
});

Deno.test("start() waits longer before each answer after a wrong one", async () => {
  const codes = ["11111", "11111", "33333", "44444", CODE];
  const script = [
    sendCode(),
    signInCall(WRONG_CODE, "11111"),
    signInCall(WRONG_CODE, "33333"),
    signInCall(WRONG_CODE, "44444"),
    signInCall(signedIn(ADA)),
  ];
  await play(script, async (telegram) => {
    const phoneCode = inTurn(...codes);
    await start(telegram, { phoneNumber: PHONE, phoneCode, maxAttempts: 5 });
    // The second answer was not sent, so it waited for nothing, but it counted.
    assertEquals(telegram.slept, [2000, 4000, 8000]);
  });
});

Deno.test("start() takes a person's time for typing as waiting", async () => {
  const script = [sendCode(), signInCall(WRONG_CODE, "11111"), signInCall(signedIn(ADA))];
  await play(script, async (telegram) => {
    const answers = inTurn("11111", CODE);
    let isFirst = true;
    const phoneCode = async (): Promise<string> => {
      if (!isFirst) await telegram.clock.sleep(5000);
      isFirst = false;
      return answers();
    };
    await start(telegram, { phoneNumber: PHONE, phoneCode });
    assertEquals(telegram.slept, [5000]);
  });
});

Deno.test("start() takes forceSMS, and does nothing about it", async () => {
  const script = [sendCode(), signInCall(signedIn(ADA))];
  await play(script, (telegram) => start(telegram, { ...ANSWERS, forceSMS: true }));
});

Deno.test("start() continues at once when no code is needed", async () => {
  const success = { _: "auth.sentCodeSuccess", authorization: signedIn(ADA) };
  const user = await play(
    [sendCode(success)],
    (telegram) => start(telegram, { phoneNumber: PHONE, phoneCode: inTurn() }),
  );
  assertEquals(user.id, 42n);
});

Deno.test("start() begins again with a new code when Telegram asks for it", async () => {
  for (const name of ["AUTH_RESTART_7", "SIGN_IN_FAILED"]) {
    const restart = signInCall(refusal(500, name), "11111");
    await play(
      [sendCode(), restart, sendCode(), signInCall(signedIn(ADA))],
      (telegram) => start(telegram, { phoneNumber: PHONE, phoneCode: inTurn("11111", CODE) }),
    );
  }
});

Deno.test("start() asks Telegram nothing with an answer that is nothing at all", async () => {
  const answers: unknown[] = [undefined, null, CODE];
  const phoneCode = () => answers.shift() as string;
  await play(
    [sendCode(), signInCall(signedIn(ADA))],
    (telegram) => start(telegram, { phoneNumber: PHONE, phoneCode }),
  );
});

Deno.test("start() asks for no code when the new one is not needed any more", async () => {
  const expired = signInCall(refusal(400, "PHONE_CODE_EXPIRED"));
  const success = { _: "auth.sentCodeSuccess", authorization: signedIn(ADA) };
  const user = await play(
    [sendCode(), expired, sendCode(success)],
    (telegram) => start(telegram, { phoneNumber: PHONE, phoneCode: inTurn(CODE) }),
  );
  assertEquals(user.id, 42n);
});

Deno.test("start() requests a new code when the old one has expired", async () => {
  const expired = signInCall(refusal(400, "PHONE_CODE_EXPIRED"));
  await play(
    [sendCode(), expired, sendCode(), signInCall(signedIn(ADA))],
    (telegram) => start(telegram, { phoneNumber: PHONE, phoneCode: inTurn(CODE, CODE) }),
  );
});

Deno.test("start() stops when onError asks for it", async () => {
  for (const stop of [true, Promise.resolve("yes")]) {
    const error = await play(
      [sendCode(), signInCall(WRONG_CODE, "11111")],
      (telegram) =>
        assertRejects(
          () =>
            start(telegram, {
              phoneNumber: PHONE,
              phoneCode: inTurn("11111"),
              onError: () => stop,
            }),
          LoginCancelledError,
        ),
    );
    assertEquals([error.reason, error.errorMessage], ["cancelled", "AUTH_USER_CANCEL"]);
    assertInstanceOf(error.cause, SignInError);
  }
});

Deno.test("start() throws other errors at once, without onError", async () => {
  const unasked = { phoneNumber: () => PHONE, phoneCode: inTurn(), onError: inTurn() };
  const flood = await play(
    [sendCode(refusal(420, "FLOOD_WAIT_300"))],
    (telegram) => assertRejects(() => start(telegram, unasked), SignInError),
  );
  assertEquals([flood.reason, flood.seconds], ["flood", 300]);
  const broken = await play([], (telegram) =>
    assertRejects(() =>
      start(telegram, {
        ...unasked,
        phoneNumber: () => Promise.reject(new TypeError("no answer")),
      }), TypeError));
  assertEquals(broken.message, "no answer");
});

Deno.test("start() says which answer is missing, before a code is sent where it can", async () => {
  for (const answers of [{}, { phoneNumber: PHONE }, { phoneCode: CODE }]) {
    await play(
      [],
      (telegram) =>
        assertRejects(
          () => start(telegram, answers),
          TypeError,
          "Pass phoneNumber and phoneCode",
        ),
    );
  }
  const script = [sendCode(), signInCall(PASSWORD_NEEDED), getPassword];
  const error = await play(
    script,
    (telegram) =>
      assertRejects(() => start(telegram, { phoneNumber: PHONE, phoneCode: CODE }), SignInError),
  );
  assertEquals(error.reason, "passwordNeeded");
  const signUp = signInCall({ _: "auth.authorizationSignUpRequired" });
  const unregistered = await play(
    [sendCode(), signUp],
    (telegram) => assertRejects(() => start(telegram, ANSWERS), SignInError),
  );
  assertEquals(unregistered.reason, "phoneUnregistered");
});

Deno.test("start() ends when its signal is aborted, also while it waits", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  await play([sendCode()], (telegram) =>
    assertRejects(
      () =>
        start(telegram, {
          phoneNumber: PHONE,
          phoneCode: () => {
            queueMicrotask(() => controller.abort(reason));
            return new Promise<string>(() => {});
          },
          signal: controller.signal,
        }),
      Error,
      "enough",
    ));
  await play(
    [],
    (telegram) =>
      assertRejects(
        () => start(telegram, { ...ANSWERS, signal: controller.signal }),
        Error,
        "enough",
      ),
  );
});
