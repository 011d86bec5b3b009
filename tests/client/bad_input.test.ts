import {
  Client,
  type ClientOptions,
  ConnectionError,
  FramingError,
  MemorySession,
  RpcError,
  SessionError,
  SignInError,
  StringSession,
  webSocketDial,
} from "../../mod.ts";
import { type ByteStream, pipe, tcpDial } from "../../src/net/mod.ts";
import { systemRandom } from "../../src/runtime/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
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

Deno.test("The first step of a sign-in reports a wrong api hash", async () => {
  await using telegram = new OfflineTelegram();
  const { apiId, clientOptions } = telegram;
  await using client = new Client(new MemorySession(), apiId, "f".repeat(32), clientOptions);
  for (
    const step of [
      () => client.botSignIn(BOT_TOKEN),
      () => client.requestLoginCode(PHONE),
      () => client.start({ phoneNumber: PHONE, phoneCode: CODE }),
    ]
  ) {
    const error = await assertRejects(step, SignInError, "refuses this api id or hash");
    assertEquals(
      [error.reason, error.code, error.errorMessage],
      ["apiIdInvalid", 400, "API_ID_INVALID"],
    );
  }
});

Deno.test("An invalid phone number fails without a call, an unknown one after it", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  for (
    const phone of ["", "abc", "+", "12", "+1555123456789012345", "777:TESTTOKEN", "０１２３４５"]
  ) {
    const error = await assertRejects(() => client.requestLoginCode(phone), SignInError);
    assertEquals(error.reason, "phoneInvalid", phone);
  }
  assertEquals(client.connected, false, "nothing of it was sent");
  const error = await assertRejects(() => client.requestLoginCode("12345"), SignInError);
  assertEquals([error.reason, error.errorMessage], ["phoneInvalid", "PHONE_NUMBER_INVALID"]);
});

Deno.test("A wrong token, code or password has its own error, and can be corrected", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  const reason = async (step: Promise<unknown>): Promise<string> =>
    (await assertRejects(() => step, SignInError)).reason;
  assertEquals(await reason(client.botSignIn("not a token")), "botTokenInvalid");
  assertEquals(await reason(client.botSignIn("777:WRONG")), "botTokenInvalid");
  const login = await client.requestLoginCode(PHONE_WITH_PASSWORD);
  assertEquals(await reason(client.signIn(login, "")), "codeEmpty");
  assertEquals(await reason(client.signIn(login, "33333")), "codeInvalid");
  const token = await client.signIn(login, " 2-2 222 ");
  assert(token.kind === "password");
  assertEquals(await reason(client.checkPassword(token, "")), "passwordEmpty");
  assertEquals(await reason(client.checkPassword(token, "wrong")), "passwordInvalid");
  assertEquals((await client.checkPassword(token, PASSWORD)).firstName, "User 2222");
  await client.signOut();
  const stale = await client.requestLoginCode(PHONE);
  await client.requestLoginCode(PHONE);
  assertEquals(await reason(client.signIn(stale, CODE)), "codeExpired");
});

Deno.test("A session string that is not one is refused when it is read, without quoting it", () => {
  const whole = new StringSession();
  whole.setDC(2, "127.0.0.1", 443);
  whole.setAuthKey(new Uint8Array(256).fill(7));
  const cut = whole.save().slice(0, -7);
  for (
    const text of ["nonsense", "1", "1AAAA", cut, "my.session", "/home/me/my.session", "2" + cut]
  ) {
    const error = assertThrows(
      () => new StringSession(text),
      SessionError,
      "Cannot read the session string",
    );
    assert(!error.message.includes(text.slice(0, 20)) || text.length < 3, error.message);
  }
});

Deno.test("A session string with an unknown key is signed out, and can sign in", async () => {
  await using telegram = new OfflineTelegram();
  const foreign = new StringSession();
  foreign.setDC(2, "127.0.0.1", 443);
  foreign.setAuthKey(systemRandom(256));
  await using client = clientOf(telegram, {}, new StringSession(foreign.save()));
  assertEquals(await client.isAuthorized(), false);
  assert((await client.botSignIn(BOT_TOKEN)).isBot);
});

Deno.test("Garbage on the server's port harms nobody", async () => {
  const failures: unknown[] = [];
  await using telegram = await OfflineTelegram.start({
    webSocketPort: 0,
    onFailure: (error) => failures.push(error),
  });
  await using client = clientOf(telegram, { dial: undefined });
  await client.botSignIn(BOT_TOKEN);
  const encoder = new TextEncoder();
  const garbage = [
    encoder.encode("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    Uint8Array.of(0xef, 0x7f, 0xff, 0xff, 0xff),
    Uint8Array.of(0xee, 0xee, 0xee, 0xee, 0xff, 0xff, 0xff, 0x7f),
    Uint8Array.of(0xef, 0x01, 1, 2, 3, 4),
    new Uint8Array(1000),
    new Uint8Array(1000).fill(0xff),
    ...[1, 5, 64, 65, 200, 5000].map((length) => systemRandom(length)),
  ];
  const [dc] = telegram.dcs;
  const [webSocket] = telegram.webSockets;
  for (const { host, port } of [dc, webSocket]) {
    for (const bytes of garbage) {
      const stream = await tcpDial({ host, port });
      await stream.write(bytes).catch(() => {});
      assertEquals((await client.getMe())?.id, 777n);
      stream.close();
    }
  }
  const dial = webSocketDial({ tls: false });
  for (const bytes of garbage) {
    const stream = await dial(webSocket);
    await stream.write(bytes).catch(() => {});
    assertEquals((await client.getMe())?.id, 777n);
    stream.close();
  }
  await using other = clientOf(telegram, { dial: undefined });
  assert((await other.botSignIn(BOT_TOKEN)).isBot);
  assert(failures.length > 0);
});

/**
 * Serves every connection to a free port in this way, while a client that does not try again
 * connects to it.
 */
async function connectTo(
  serve: (connection: Deno.TcpConn) => Promise<void>,
  options: ClientOptions = {},
): Promise<{ error: Error; session: StringSession }> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = (async () => {
    for await (const connection of listener) await serve(connection).catch(() => {});
  })();
  const { hostname: host, port } = listener.addr;
  const { apiId, apiHash, keys } = new OfflineTelegram();
  const session = new StringSession();
  const client = new Client(session, apiId, apiHash, {
    keys,
    dcs: [{ id: 2, host, port }],
    connectionRetries: 0,
    ...options,
  });
  try {
    const error = await assertRejects(() => client.connect(), Error);
    assertEquals(client.connected, false);
    return { error, session };
  } finally {
    await client.disconnect();
    listener.close();
    await served;
  }
}

/** Answers each read with the result of `answer` until the client hangs up. */
function answering(
  answer: (bytes: Uint8Array) => Uint8Array | undefined,
): (connection: Deno.TcpConn) => Promise<void> {
  return async (connection) => {
    const buffer = new Uint8Array(65536);
    for (let length; (length = await connection.read(buffer)) !== null;) {
      const bytes = answer(buffer.subarray(0, length));
      if (bytes === undefined) break;
      await connection.write(bytes);
    }
    connection.close();
  };
}

const HTTP = new TextEncoder().encode(
  "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" +
    "<h1>400 Bad Request</h1>\r\n",
);

for (const transport of ["abridged", "intermediate", "padded", "full"] as const) {
  for (const obfuscated of transport === "full" ? [false] : [false, true]) {
    const name = obfuscated ? `obfuscated ${transport}` : transport;

    Deno.test(`Client reports an HTTP server, ${name}`, async () => {
      const options = { transport, obfuscated, timeout: 1 };
      const { error, session } = await connectTo(answering(() => HTTP), options);
      assertIsClear(error);
      assertEquals(session.save(), "", "the session has no key");
    });

    Deno.test(`Client reports a server that echoes, ${name}`, async () => {
      const options = { transport, obfuscated, timeout: 1 };
      const { error } = await connectTo(answering((bytes) => bytes), options);
      assertIsClear(error);
    });
  }
}

/** One of our errors, whose text begins and ends as ours do. */
function assertIsClear(error: Error): void {
  assert(error.name !== "Error" && error.name !== "TypeError", `${error.name}: ${error.message}`);
  assert(/^Cannot .*: /.test(error.message), error.message);
}

Deno.test("Client reports a server that hangs up at once, or after a message", async () => {
  const atOnce = await connectTo((connection) => Promise.resolve(connection.close()));
  assert(atOnce.error instanceof ConnectionError, atOnce.error.message);
  const later = await connectTo(answering(() => undefined));
  assert(later.error instanceof ConnectionError, later.error.message);
});

Deno.test("Client reports an address where nothing listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await using client = clientOf(new OfflineTelegram(), {
    dial: undefined,
    dcs: [{ id: 2, host: "127.0.0.1", port }],
    connectionRetries: 0,
  });
  await assertRejects(() => client.connect(), ConnectionError, "connection refused");
  await assertRejects(() => client.isAuthorized(), ConnectionError, "connection refused");
});

Deno.test("Client reports a silent server, and one that stops within a packet", async () => {
  const half = new Uint8Array(40).fill(1);
  half[0] = 0x7e;
  for (const said of [new Uint8Array(), half]) {
    const clock = new FakeClock(Date.now());
    const dial = async (): Promise<ByteStream> => {
      const [client, server] = pipe();
      await server.write(said);
      return client;
    };
    const telegram = new OfflineTelegram();
    await using client = clientOf(telegram, { dial, clock, connectionRetries: 0 });
    const failed = assertRejects(() => client.connect(), ConnectionError, "no answer in 10 s");
    await clock.asleepFor(10_000);
    await clock.advance(10_000);
    await failed;
  }
});

Deno.test("Client says what is wrong when a WebSocket is asked of something else", async () => {
  const dial = webSocketDial({ tls: false });
  const { error } = await connectTo(answering(() => HTTP), { dial, obfuscated: true });
  assert(error instanceof ConnectionError);
  assert(error.message.includes("or use tcpDial()"), error.message);
});

Deno.test("Client reports a server that starts to send malformed packets", async () => {
  await using telegram = new OfflineTelegram();
  let dials = 0;
  let isNonsense = false;
  const dial = (): Promise<ByteStream> => {
    dials++;
    const [client, server] = pipe();
    void telegram.dc().serve({
      read: () => server.read(),
      // Zeros are packets without content.
      write: (bytes) => server.write(isNonsense ? new Uint8Array(8) : bytes),
      close: () => server.close(),
    });
    return Promise.resolve(client);
  };
  await using client = clientOf(telegram, { dial, giveUpAfter: 0.5, retryDelay: 1 });
  await client.botSignIn(BOT_TOKEN);
  isNonsense = true;
  const error = await assertRejects(() => client.getMe(), ConnectionError);
  assertInstanceOf(error.cause, FramingError);
  isNonsense = false;
  assertEquals((await client.getMe())?.id, 777n, "the next call begins anew");
  assert(dials > 2);
});

Deno.test("Errors for plain JavaScript name the missing answer, peer or text", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  const start = client.start.bind(client) as () => Promise<unknown>;
  await assertRejects(
    start,
    TypeError,
    "Pass phoneNumber and phoneCode, qrCode, or botAuthToken",
  );
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  const send = client.sendMessage.bind(client) as (...given: unknown[]) => Promise<unknown>;
  await assertRejects(
    () => send(undefined, "Hello!"),
    TypeError,
    "peer: it is of type undefined. Pass",
  );
  await assertRejects(() => send(null, "Hello!"), TypeError, "peer: it is of type null. Pass");
  await assertRejects(() => send("me"), TypeError, "its text is of type undefined. Pass a string");
});

Deno.test("The stack of a refused call leads to whoever called", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  async function here(): Promise<void> {
    await client.invoke({ _: "users.getUsers", id: [{ _: "inputUserSelf" }] });
  }
  const error = await assertRejects(here, RpcError, "nobody is signed in with this session");
  assert(
    error.stack?.includes(error.message) && /\bhere\b.*bad_input/.test(error.stack),
    error.stack,
  );
});
