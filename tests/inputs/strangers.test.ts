/**
 * What strangers did with other libraries and were not understood, as public reports tell: one test
 * for each row, P1 to P31, named by what the person does. P31 is in mtcute_own_file.test.ts, the
 * types of P28 are in tests/package/use.test.ts. The tables of each kind of input are in
 * kinds.test.ts.
 */
import {
  Client,
  type ClientOptions,
  ConnectionError,
  type Dial,
  MemorySession,
  RpcError,
  SessionError,
  SignInError,
  SqliteSession,
  StoreSession,
  StringSession,
  TlError,
  toJson,
} from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import {
  BOT_TOKEN,
  clientOf,
  CODE,
  PASSWORD,
  PHONE,
  PHONE_WITH_PASSWORD,
} from "../helpers/sign_in_flows.ts";

const API_HASH = "0123456789abcdef".repeat(2);
const SELF = { _: "inputPeerSelf" } as const;

/** Passes what only a program without types can. */
type Untyped = (...given: unknown[]) => Promise<unknown>;

function untyped(method: (...given: never[]) => Promise<unknown>): Untyped {
  return method as unknown as Untyped;
}

/** A client of a person who is signed in, and its Telegram. */
async function signedIn(
  options: ClientOptions = {},
): Promise<{ client: Client; telegram: OfflineTelegram } & AsyncDisposable> {
  const telegram = new OfflineTelegram();
  const client = clientOf(telegram, options);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  return {
    client,
    telegram,
    async [Symbol.asyncDispose]() {
      await client.disconnect();
      await telegram.close();
    },
  };
}

async function inFolder(use: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("P1 a person names a session by a variable that is not set", () => {
  for (const name of ["", " ", undefined, null, 5]) {
    assertThrows(() => new StoreSession(name as string), TypeError, "Pass a name such as");
  }
  const empty = () => new Client("", 1, API_HASH);
  assertThrows(empty, TypeError, "Cannot keep the session in a file without a name");
});

Deno.test("P3 a person names the session file by a file URL, as text or as URL", async () => {
  await inFolder((folder) => {
    for (const name of [`file://${folder}/me`, new URL(`file://${folder}/me`), `${folder}/me`]) {
      const { session } = new Client(name, 1, API_HASH);
      assertInstanceOf(session, SqliteSession);
      assertEquals(session.path, `${folder}/me.session`);
    }
  });
});

Deno.test("P4 a person passes a session string in place of a path, with what came along", () => {
  const text = `1${"B".repeat(352)}`;
  const given = [text, `${text}\n`, ` ${text}`, `"${text}"`, `'${text}'\r\n`, `SESSION=${text}`];
  for (const name of given) {
    const error = assertThrows(() => new Client(name, 1, API_HASH), TypeError);
    assertStringIncludes(error.message, "Cannot name a session file by a session string");
    assert(!error.message.includes("BBBB"));
  }
});

Deno.test("P6 a person adds options to a message or a raw call that there are not", async () => {
  await using world = await signedIn();
  const { client, telegram } = world;
  let calls = 0;
  const handle = telegram.api.handle.bind(telegram.api);
  telegram.api.handle = (request, caller) => {
    if (request._ === "messages.sendMessage") calls++;
    return handle(request, caller);
  };
  const send = untyped(client.sendMessage.bind(client));
  for (const name of ["file", "parseMode", "reply_to", "reply_markup"]) {
    const text = `the option "${name}" is not known`;
    await assertRejects(() => send("me", { message: "x", [name]: 5 }), TypeError, text);
    await assertRejects(() => send("me", "x", { [name]: 5 }), TypeError, text);
  }
  const invoke = untyped(client.invoke.bind(client));
  const request = { _: "messages.sendMessage", peer: SELF, message: "x", randomId: 5n };
  const cases: [fields: object, says: string][] = [
    [{ reply_to: 5 }, 'the field "reply_to" is not known. Did you mean "replyTo"?'],
    [{ noWebPage: true }, 'the field "noWebPage" is not known. Did you mean "noWebpage"?'],
    [{ mesage: "y" }, 'Did you mean "message"?'],
    [{ parseMode: "md" }, "Pass entities"],
    [{ flags: 0 }, "Leave it out"],
    [{ replyToMsgId: 5 }, 'Pass replyTo: { _: "inputReplyToMessage", replyToMsgId }'],
    [{ somethingElse: 5 }, "Known are noWebpage, silent,"],
    [{ replyTo: { _: "inputReplyToMessage", msgId: 5 } }, 'the field "replyTo.msgId"'],
    [{ entities: [{ _: "messageEntityBold", offset: 0, len: 1 }] }, 'field "entities.len"'],
    [{ "a secret: hunter2": 5 }, "a field is not known"],
  ];
  for (const [fields, says] of cases) {
    const error = await assertRejects(() => invoke({ ...request, ...fields }), TypeError, says);
    assertStringIncludes(error.message, 'Cannot call "messages.sendMessage": ');
    assert(!error.message.includes("hunter2"));
  }
  assertEquals(calls, 0);
  await invoke({ ...request, replyTo: undefined, noWebpage: null, silent: false, other: null });
  assertEquals(calls, 1);
});

Deno.test("P7 a person starts with another phone number than that of the session", async () => {
  await using world = await signedIn();
  const { client } = world;
  const isOther = async (starting: Promise<unknown>): Promise<void> => {
    assertEquals((await assertRejects(() => starting, SignInError)).reason, "otherAccount");
  };
  await isOther(client.start({ phoneNumber: PHONE_WITH_PASSWORD, phoneCode: CODE }));
  await isOther(client.start({ botAuthToken: BOT_TOKEN }));
  await isOther(client.interactiveLogin(PHONE_WITH_PASSWORD));
  await isOther(client.interactiveLogin(BOT_TOKEN));
  for (const same of [PHONE, "999 662 1111", "00 999 66 21111", `\u202a${PHONE}\u202c`]) {
    assertEquals((await client.start({ phoneNumber: same, phoneCode: CODE })).phone, "9996621111");
    assertEquals((await client.interactiveLogin(same)).phone, "9996621111");
  }
});

Deno.test("P8 a person's listener of updates fails, and there is no logger", async () => {
  const uncaught: unknown[] = [];
  const listen = (event: PromiseRejectionEvent | ErrorEvent): void => {
    event.preventDefault();
    uncaught.push("reason" in event ? event.reason : event.error);
  };
  globalThis.addEventListener("unhandledrejection", listen);
  globalThis.addEventListener("error", listen);
  const failure = new Error("this is a test");
  try {
    const onUpdates = (): void => {
      throw failure;
    };
    await using world = await signedIn({ onUpdates });
    const other = clientOf(world.telegram);
    await other.start({ phoneNumber: PHONE_WITH_PASSWORD, phoneCode: CODE, password: PASSWORD });
    await other.sendMessage(`+${PHONE.slice(1)}`, "Hello!");
    await other.disconnect();
    for (let turn = 0; uncaught.length === 0 && turn < 1000; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert(uncaught.includes(failure));
  } finally {
    globalThis.removeEventListener("unhandledrejection", listen);
    globalThis.removeEventListener("error", listen);
  }
});

Deno.test("P9 a person calls a method as in another library", async () => {
  await using world = await signedIn();
  const invoke = untyped(world.client.invoke.bind(world.client));
  class GetConfig {
    className = "help.GetConfig";
  }
  const example = 'expected an object like { _: "help.getConfig" }';
  const cases: [request: unknown, says: string][] = [
    ["help.getConfig", `the request is of type string, ${example}`],
    ["help.GetConfig", example],
    ["auth.logout", 'expected an object like { _: "auth.logOut" }'],
    [{}, `the request has no name in _, ${example}`],
    [{ className: "help.GetConfig" }, `the request is an object of GramJS, ${example}`],
    [new GetConfig(), `the request is an object of GramJS, ${example}`],
    [{ "@type": "getConfig" }, example],
    [{ method: "help.getConfig" }, example],
    [undefined, `the request is of type undefined, ${example}`],
    [null, "the request is of type null"],
    [["help.getConfig"], "the request is of type array"],
    [GetConfig, "the request is of type function"],
    [{ _: "help.getconfig" }, 'Did you mean "help.getConfig"?'],
    [{ _: "help.GetConfigRequest" }, 'Did you mean "help.getConfig"?'],
    [{ _: "getConfig" }, 'Did you mean "help.getConfig"?'],
    [{ _: "messages.sendMesage" }, 'Did you mean "messages.sendMessage"?'],
    [{ _: "user" }, "it is the name of an object, not of a method"],
    [{ _: "no.suchThingAtAll" }, "has no such method. See https://core.telegram.org/methods"],
    [{ _: 5 }, "the request has no name in _"],
    [{ _: "777:SECRET hunter2" }, "Cannot call: layer"],
  ];
  for (const [request, says] of cases) {
    const { message } = await assertRejects(() => invoke(request), TypeError, says);
    assert(!message.includes("hunter2"));
  }
});

Deno.test("P10 a person has IPv6 only, and lives in another data center", async () => {
  const dialled: string[] = [];
  const dial: Dial = ({ host }) => {
    dialled.push(host);
    return Promise.reject(new ConnectionError(`Cannot connect to "${host}": this is a test`));
  };
  const session = new MemorySession();
  session.setDC(4, "149.154.167.91", 443);
  const options = { dial, connectionRetries: 0, ipVersion: "only6" } as const;
  await using client = new Client(session, 1, API_HASH, options);
  await assertRejects(() => client.connect(), ConnectionError, "this is a test");
  assert(dialled.length > 0 && dialled.every((host) => host.includes(":")), dialled.join());
});

Deno.test("P11 a person cuts a text within an emoji", async () => {
  await using world = await signedIn();
  const { client } = world;
  const half = "😀".slice(0, 1);
  await assertRejects(() => client.sendMessage("me", half), TypeError, "half of a character");
  const request = { _: "messages.sendMessage", peer: SELF, message: half, randomId: 5n } as const;
  await assertRejects(() => client.invoke(request), TlError, "half of a character");
});

Deno.test("P12 a person passes ids as text", async () => {
  await using world = await signedIn();
  const { client } = world;
  const me = await client.getMe();
  assert(me !== undefined);
  for (const id of [String(me.id), ` ${me.id}\n`, `"${me.id}"`, me.id, Number(me.id)]) {
    assertEquals((await client.sendMessage(id, "Hello!")).chat.id, me.id);
  }
});

Deno.test("P13 a person passes an id that the account has not seen", async () => {
  await using world = await signedIn();
  const sending = () => world.client.sendMessage(-1001234567890n, "Hello!");
  await assertRejects(sending, TypeError, "Pass its username, its phone number, or a link to it");
});

Deno.test("P14 a person passes a link, a name with spaces, or @me", async () => {
  await using world = await signedIn();
  const { client } = world;
  const me = await client.getMe();
  assertEquals((await client.sendMessage("@me", "Hello!")).chat.id, me?.id);
  for (const name of ["https://t.me/bob_99", " @bob_99 "]) {
    const error = await assertRejects(() => client.sendMessage(name, "Hello!"), RpcError);
    assert(error.is("USERNAME_NOT_OCCUPIED"), "Telegram was asked for it");
    assertStringIncludes(error.message, "Check its spelling");
  }
});

Deno.test("P15 a person passes an object that Telegram sent", async () => {
  await using world = await signedIn();
  const { client } = world;
  const me = await client.getMe();
  assert(me !== undefined);
  for (const to of [me, me.raw, { _: "peerUser", userId: me.id } as const]) {
    assertEquals((await client.sendMessage(to, "Hello!")).chat.id, me.id);
  }
});

Deno.test("P16 a person pastes a number and a code with marks that nobody sees", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  const token = await client.requestLoginCode(`\u202a${PHONE}\u202c`);
  const user = await client.signIn(token, `\u200e${CODE}\u200f\ufeff`);
  assertEquals(user.kind, "user");
});

Deno.test("P17 a person passes the phone number as a number", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  const token = await client.requestLoginCode(9996621111);
  assertEquals((await client.signIn(token, CODE)).kind, "user");
  await client.signOut();
  const answers = { phoneNumber: 9996621111 as unknown as string, phoneCode: CODE };
  assertEquals((await client.start(answers)).phone, "9996621111");
});

Deno.test("P18 a person makes a StringSession of null, or of a string in quotes", () => {
  assertEquals(new StringSession(null).save(), "");
  const session = new StringSession();
  session.setDC(2, "127.0.0.1", 443);
  session.setAuthKey(new Uint8Array(256).fill(7));
  const text = session.save();
  assertEquals(new StringSession(`"${text}"`).save(), text);
  assertEquals(new StringSession(JSON.stringify(text)).save(), text);
});

Deno.test("P19 a person passes milliseconds or a Date where seconds are meant", async () => {
  await using world = await signedIn();
  const invoke = untyped(world.client.invoke.bind(world.client));
  const offsetPeer = { _: "inputPeerEmpty" };
  const request = { _: "messages.getDialogs", offsetId: 0, offsetPeer, limit: 5, hash: 0n };
  for (const offsetDate of [Date.now(), new Date(), "2026-01-01"]) {
    const text = "Pass Unix seconds: Math.floor(Date.now() / 1000).";
    await assertRejects(() => invoke({ ...request, offsetDate }), TlError, text);
  }
  await invoke({ ...request, offsetDate: Math.floor(Date.now() / 1000) });
});

Deno.test("P20 a person passes dcId as a text", async () => {
  await using world = await signedIn();
  const invoke = untyped(world.client.invoke.bind(world.client));
  for (const dcId of ["2", null, 0, NaN, 1.5, -2, {}]) {
    const text = "expected the number of a data center, such as 4";
    await assertRejects(() => invoke({ _: "help.getConfig" }, { dcId }), TypeError, text);
  }
});

Deno.test("P21 a person reads what to do in the error of a call", async () => {
  await using world = await signedIn({ floodSleepThreshold: 0 });
  const { client, telegram } = world;
  const cases: [name: string, says: string][] = [
    ["FLOOD_WAIT_3540", "Wait 59 minutes"],
    ["MESSAGE_TOO_LONG", "more than 4096 characters"],
    ["PEER_ID_INVALID", "client.dialogs()"],
    ["FILE_MIGRATE_4", "{ dcId: 4 }"],
  ];
  for (const [message, says] of cases) {
    telegram.api.failNext("help.getConfig", { code: 400, message });
    const error = await assertRejects(() => client.invoke({ _: "help.getConfig" }), RpcError);
    assertStringIncludes(error.message, `Telegram answered ${message} (400): `);
    assertStringIncludes(error.message, says);
    assertStringIncludes(error.stack ?? "", says);
  }
});

Deno.test("P22 a person's bot has no network for an hour", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ clock });
  let isDown = false;
  const { dial } = telegram.clientOptions;
  const flaky: Dial = (address, signal) =>
    isDown
      ? Promise.reject(new ConnectionError("Cannot connect: this is a test"))
      : dial(address, signal);
  const options = { dial: flaky, clock, onUpdates: () => {} };
  await using client = clientOf(telegram, options);
  await client.start({ botAuthToken: BOT_TOKEN });
  isDown = true;
  telegram.dc().disconnectAll();
  for (let minute = 0; minute < 60; minute++) await clock.advance(60_000);
  assertEquals(client.status.state, "waiting");
  isDown = false;
  await clock.advance(60_000);
  assertEquals(client.status.state, "connected");
});

Deno.test("P23 a person names the session with a dot in it, or :memory:", () => {
  const names: [name: string, path: string][] = [
    ["john.doe", "john.doe.session"],
    ["+1.555", "+1.555.session"],
    ["me.session", "me.session"],
    ["me.db", "me.db"],
    ["me.SQLite", "me.SQLite"],
    [".session", ".session.session"],
  ];
  for (const [name, path] of names) {
    const { session } = new Client(name, 1, API_HASH);
    assertInstanceOf(session, SqliteSession);
    assertEquals(session.path, path);
  }
  assertEquals(new Client(":memory:", 1, API_HASH).session.constructor, MemorySession);
});

Deno.test("P24 a person's page starts twice at once", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  let asked = 0;
  const answers = {
    phoneNumber: PHONE,
    phoneCode: () => {
      asked++;
      return CODE;
    },
  };
  const users = await Promise.all([client.start(answers), client.start(answers)]);
  assertEquals(users.map(({ phone }) => phone), ["9996621111", "9996621111"]);
  assertEquals(asked, 1);
});

Deno.test("P25 a person's account was banned, or the session ended elsewhere", async () => {
  await using world = await signedIn();
  const { client, telegram } = world;
  const answers = { phoneNumber: PHONE, phoneCode: CODE };
  const fails = async (message: string, reason: string, call: () => Promise<unknown>) => {
    telegram.api.failNext("users.getUsers", { code: 401, message });
    assertEquals((await assertRejects(call, SignInError)).reason, reason);
  };
  await fails("USER_DEACTIVATED_BAN", "accountDeactivated", () => client.getMe());
  await fails("USER_DEACTIVATED", "accountDeactivated", () => client.start(answers));
  await fails("SESSION_REVOKED", "sessionRevoked", () => client.getMe());
  await fails("SESSION_EXPIRED", "sessionRevoked", () => client.start(answers));
  // It was told: another call signs in again.
  telegram.api.failNext("users.getUsers", { code: 401, message: "SESSION_REVOKED" });
  assertEquals((await client.start(answers)).phone, "9996621111");
});

Deno.test("P27 a person writes an answer as JSON", async () => {
  await using world = await signedIn();
  const [me] = await world.client.invoke({
    _: "users.getUsers",
    id: [{ _: "inputUserSelf" }],
  });
  assert(me._ === "user");
  assertEquals(JSON.parse(toJson(me)).id, String(me.id));
  const bytes = Uint8Array.of(1, 2, 255);
  assertEquals(toJson({ list: [5n, bytes], none: undefined }), '{"list":["5","AQL/"]}');
  assertEquals(toJson({ a: 1n }, 2), '{\n  "a": "1"\n}');
  assertEquals(toJson(undefined), "null");
});

Deno.test("P28 a person compiles the declarations of the package under es2020", async () => {
  const build = await Deno.readTextFile(new URL("../../build_npm.ts", import.meta.url));
  assertStringIncludes(build, '"es2022.error": ', "each file names the libraries that it needs");
});

Deno.test("P29 a person sends a number", async () => {
  await using world = await signedIn();
  const send = untyped(world.client.sendMessage.bind(world.client));
  await assertRejects(() => send("me", 5), TypeError, "its text is of type number");
  await assertRejects(() => send("me", { message: 5 }), TypeError, "its text is of type number");
  await assertRejects(() => send("me", 5n), TypeError, "its text is of type bigint");
});

Deno.test("P30 a person's test replaces the timers and queueMicrotask", async () => {
  const { queueMicrotask, setTimeout, setInterval, setImmediate, process } = globalThis as
    & typeof globalThis
    & { process: { nextTick: unknown } };
  const { nextTick } = process;
  const never = (): number => 1;
  try {
    Object.assign(globalThis, { queueMicrotask: never, setTimeout: never, setInterval: never });
    Object.assign(globalThis, { setImmediate: never });
    process.nextTick = never;
    await using world = await signedIn();
    assertEquals((await world.client.sendMessage("me", "Hello!")).text, "Hello!");
  } finally {
    Object.assign(globalThis, { queueMicrotask, setTimeout, setInterval, setImmediate });
    process.nextTick = nextTick;
  }
});

Deno.test("A damaged session string in quotes is still refused without quoting it", () => {
  const error = assertThrows(() => new StringSession('"1BADBADBAD"'), SessionError);
  assert(!error.message.includes("BADBAD"));
});
