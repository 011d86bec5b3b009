import {
  type QrCode,
  QrLogin,
  type QrLoginOptions,
  SignInError,
  start,
  type User,
} from "../../../src/auth/mod.ts";
import type { Clock } from "../../../src/runtime/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assertEquals, assertInstanceOf, assertRejects } from "../../helpers/assert.ts";
import {
  ADA,
  type Line,
  type Move,
  PASSWORD,
  play,
  refusal,
  ScriptedTelegram,
  signedIn,
} from "../../helpers/scripted_telegram.ts";
import { rightPassword } from "../../helpers/server_password.ts";

const TOKEN = Uint8Array.of(0xfb, 0xff, 1);
const NEXT_TOKEN = Uint8Array.of(2);
const URLS = ["tg://login?token=-_8B", "tg://login?token=Ag"];
const SUCCESS = { _: "auth.loginTokenSuccess", authorization: signedIn(ADA) };
const PASSWORD_NEEDED = refusal(401, "SESSION_PASSWORD_NEEDED");
const UPDATE: Api.Updates = { _: "updateShort", update: { _: "updateLoginToken" }, date: 1 };

function exportToken(answer: unknown, exceptIds: bigint[] = []): Line {
  return ["auth.exportLoginToken", { apiId: 12345, exceptIds }, answer];
}

function importToken(answer: unknown): Line {
  return ["auth.importLoginToken", { token: TOKEN }, answer];
}

function token(bytes = TOKEN, expires = 30): Api.auth.loginToken {
  return { _: "auth.loginToken", token: bytes, expires };
}

const MIGRATE = { _: "auth.loginTokenMigrateTo", dcId: 4, token: TOKEN };

/** All codes, and the result. */
async function login(telegram: ScriptedTelegram, options?: QrLoginOptions) {
  const login = new QrLogin(telegram, options);
  const codes: QrCode[] = [];
  for await (const code of login) codes.push(code);
  return { codes, outcome: await login.result };
}

async function withLogin(script: (Line | Move)[], options?: QrLoginOptions) {
  return await play(script, (telegram) => login(telegram, options));
}

/** A clock that stands still: nothing but a ring or a signal ends a sleep. */
const STILL: Clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: (_, signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    }),
};

class StillTelegram extends ScriptedTelegram {
  override readonly clock = STILL;
}

Deno.test("qrLogin() yields each code once as a base64url URL, then the user", async () => {
  const script = [token(), token(), token(NEXT_TOKEN, 60), SUCCESS].map((one) => exportToken(one));
  const { codes, outcome } = await withLogin(script);
  assertEquals(codes.map(({ url, expires }) => [url, expires]), [[URLS[0], 30], [URLS[1], 60]]);
  assertEquals((outcome as User).id, ADA.id);
});

Deno.test("qrLogin() asks again after half of a code's time, within 1 to 15 s", async () => {
  const telegram = new ScriptedTelegram(
    [token(), token(TOKEN, 20), token(TOKEN, 1), token(TOKEN, 9999), SUCCESS].map((one) =>
      exportToken(one)
    ),
  );
  const slept: number[] = [];
  const { clock } = telegram;
  const still = { now: () => 0, monotonic: () => 0 };
  Object.assign(telegram, {
    clock: {
      ...still,
      sleep(milliseconds: number, signal?: AbortSignal) {
        slept.push(milliseconds);
        return clock.sleep(0, signal);
      },
    },
  });
  await login(telegram);
  assertEquals(slept, [15_000, 10_000, 1_000, 15_000]);
});

Deno.test("qrLogin() reckons a code's time by Telegram's clock", async () => {
  const telegram = new ScriptedTelegram([exportToken(token(TOKEN, 1000)), exportToken(SUCCESS)]);
  telegram.session.setDC(2, "127.0.0.1", 443);
  telegram.session.state.dcs[0].timeOffset = 990_000;
  const slept: number[] = [];
  Object.assign(telegram, {
    clock: { ...STILL, sleep: (ms: number) => Promise.resolve(void slept.push(ms)) },
  });
  await login(telegram);
  assertEquals(slept, [5_000]);
});

for (
  const updates of [
    UPDATE,
    { _: "updates", updates: [{ _: "updateLoginToken" }], users: [], chats: [], date: 1, seq: 0 },
  ] as const satisfies Api.Updates[]
) {
  Deno.test(`qrLogin() asks at once after an update of approval in ${updates._}`, async () => {
    const telegram = new StillTelegram([exportToken(token()), exportToken(SUCCESS)]);
    const login = new QrLogin(telegram);
    for await (const _ of login) {
      telegram.push({ _: "updatesTooLong" });
      telegram.push(updates);
    }
    assertEquals((await login.result).kind, "user");
    telegram.finish();
  });
}

Deno.test("qrLogin() does not miss an approval that comes while it asks", async () => {
  const telegram: StillTelegram = new StillTelegram([
    exportToken(() => {
      telegram.push(UPDATE);
      return token();
    }),
    exportToken(SUCCESS),
  ]);
  assertEquals((await new QrLogin(telegram).result).kind, "user");
});

Deno.test("qrLogin() moves to the account's data center and takes the token there", async () => {
  const script = [exportToken(token()), exportToken(MIGRATE), moveTo(4), importToken(SUCCESS)];
  assertEquals((await withLogin(script)).outcome.kind, "user");
});

function moveTo(dcId: number): Move {
  return ["moveHome", dcId];
}

Deno.test("qrLogin() returns a password token when the account has a password", async () => {
  const { password } = rightPassword(7n, signedIn(ADA));
  const script: Line[] = [
    exportToken(token()),
    exportToken(PASSWORD_NEEDED),
    ["account.getPassword", {}, password],
  ];
  const { outcome } = await withLogin(script);
  assertEquals([outcome.kind, "hint" in outcome && outcome.hint], ["password", "a pet"]);
});

Deno.test("qrLogin() returns a password token after the move or before it", async () => {
  const { password } = rightPassword(7n, signedIn(ADA));
  const getPassword: Line = ["account.getPassword", {}, password];
  const moveFirst = [exportToken(MIGRATE), moveTo(4), importToken(PASSWORD_NEEDED), getPassword];
  assertEquals((await withLogin(moveFirst)).outcome.kind, "password");
  const migrate = refusal(303, "USER_MIGRATE_4");
  const passwordFirst: (Line | Move)[] = [
    exportToken(PASSWORD_NEEDED),
    ["account.getPassword", {}, migrate],
    moveTo(4),
    getPassword,
  ];
  assertEquals((await withLogin(passwordFirst)).outcome.kind, "password");
});

Deno.test("qrLogin() shows a new code when the token expired during the move", async () => {
  const { codes, outcome } = await withLogin([
    exportToken(MIGRATE),
    moveTo(4),
    importToken(refusal(400, "AUTH_TOKEN_EXPIRED")),
    exportToken(token()),
    exportToken(SUCCESS),
  ]);
  assertEquals([codes.length, outcome.kind], [1, "user"]);
});

for (
  const [name, reason] of [
    ["AUTH_TOKEN_ALREADY_ACCEPTED", "qrUsed"],
    ["AUTH_TOKEN_INVALID", "qrInvalid"],
    ["AUTH_TOKEN_INVALIDX", "qrInvalid"],
  ]
) {
  Deno.test(`qrLogin() throws ${reason} when Telegram answers ${name} after the move`, async () => {
    const script = [exportToken(MIGRATE), moveTo(4), importToken(refusal(400, name))];
    const error = await assertRejects(() => withLogin(script), SignInError);
    assertEquals([error.reason, error.errorMessage], [reason, name]);
  });
}

for (const name of ["API_ID_INVALID", "API_ID_PUBLISHED_FLOOD"]) {
  Deno.test(`qrLogin() throws apiIdInvalid when Telegram answers ${name}`, async () => {
    const telegram = new ScriptedTelegram([exportToken(refusal(400, name))]);
    const login = new QrLogin(telegram);
    const iterate = async () => {
      for await (const _ of login);
    };
    assertEquals((await assertRejects(iterate, SignInError)).reason, "apiIdInvalid");
    assertEquals(
      (await assertRejects(() => login.result, SignInError)).message,
      "Cannot sign in by QR code: Telegram refuses this api id or hash. " +
        "Use the pair that my.telegram.org shows.",
    );
  });
}

Deno.test("qrLogin() fails when Telegram moves it in circles", async () => {
  const around = [importToken(MIGRATE), moveTo(4)];
  const script = [exportToken(MIGRATE), moveTo(4), ...around, ...around, importToken(MIGRATE)];
  const error = await assertRejects(() => withLogin(script), SignInError);
  assertEquals(error.reason, "restartNeeded");
});

Deno.test("qrLogin() sends the ids of the users on the device", async () => {
  await withLogin([exportToken(SUCCESS, [1n, 2n])], { exceptIds: [1n, 2n] });
});

Deno.test("qrLogin() ends with the signal's reason, and removes its listeners", async () => {
  const telegram = new StillTelegram([exportToken(token())]);
  const controller = new AbortController();
  const login = new QrLogin(telegram, { signal: controller.signal });
  const iterate = async () => {
    for await (const _ of login) controller.abort(new Error("enough"));
  };
  await assertRejects(iterate, Error, "enough");
  await assertRejects(() => login.result, Error, "enough");
  telegram.push(UPDATE);
  telegram.finish();
});

Deno.test("qrLogin() ends when the client is disconnected", async () => {
  const telegram = new StillTelegram([exportToken(token())]);
  const controller = new AbortController();
  Object.assign(telegram, { lifetime: controller.signal });
  const login = new QrLogin(telegram);
  const [first] = [await login[Symbol.asyncIterator]().next()];
  assertEquals(first.done, false);
  controller.abort(new Error("disconnected"));
  await assertRejects(() => login.result, Error, "disconnected");
});

Deno.test("qrLogin() is cancelled by leaving the loop", async () => {
  const telegram = new StillTelegram([exportToken(token())]);
  const login = new QrLogin(telegram);
  for await (const _ of login) break;
  const error = await assertRejects(() => login.result, SignInError);
  assertEquals(error.reason, "cancelled");
});

Deno.test("qrLogin() has no code for a reader who comes when it is over", async () => {
  const tokens = [token(), token(NEXT_TOKEN), token(Uint8Array.of(3))].map((one) =>
    exportToken(one)
  );
  const telegram = new ScriptedTelegram([...tokens, exportToken(SUCCESS)]);
  const codes: string[] = [];
  const login = new QrLogin(telegram);
  await login.result;
  for await (const { url } of login) codes.push(url);
  assertEquals(codes, []);
});

Deno.test("start() shows QR codes, and asks for the password after one was approved", async () => {
  const shown: QrCode[] = [];
  const { password, check } = rightPassword(7n, signedIn(ADA));
  const script: Line[] = [
    exportToken(token()),
    exportToken(PASSWORD_NEEDED),
    ["account.getPassword", {}, password],
    ["auth.checkPassword", {}, check],
  ];
  const user = await play(script, (telegram) =>
    start(telegram, {
      qrCode: (code) => void shown.push(code),
      password: (hint) => hint === "a pet" ? PASSWORD : "",
    }));
  assertEquals([user.id, shown.map(({ url }) => url)], [ADA.id, [URLS[0]]]);
});

Deno.test("start() throws the error of a qrCode function at once", async () => {
  const telegram = new StillTelegram([exportToken(token())]);
  const qrCode = () => Promise.reject(new TypeError("no screen"));
  assertInstanceOf(await assertRejects(() => start(telegram, { qrCode })), TypeError);
});
