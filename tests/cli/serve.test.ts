import { Client, StringSession, webSocketDial } from "../../mod.ts";
import { run, type ServeInfo } from "../../src/cli/mod.ts";
import { howToStop } from "../../src/cli/serve.ts";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { parseRsaPublicKey } from "../../src/crypto/entry.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";

const MAIN = new URL("../../src/cli/main.ts", import.meta.url);

/** `serve` in a process of its own, from its first line on. */
async function startServe(...words: string[]): Promise<{
  firstLine: string;
  end(signal: Deno.Signal): Promise<{ code: number; ms: number; stderr: string }>;
}> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN.href, "serve", ...words],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await lines.read();
    if (done) break;
    text += value;
  }
  return {
    firstLine: text.split("\n")[0],
    async end(signal) {
      const begun = performance.now();
      child.kill(signal);
      const [{ code }, stderr] = await Promise.all([
        child.status,
        new Response(child.stderr).text(),
        lines.cancel(),
      ]);
      return { code, ms: performance.now() - begun, stderr };
    },
  };
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

/** Runs `serve` here until `use` is done with it, and gives its exit code. */
async function serveWhile(
  words: readonly string[],
  use: (firstLine: string) => Promise<void>,
): Promise<number> {
  const world = new FakeWorld();
  const first = Promise.withResolvers<string>();
  world.onLine = first.resolve;
  const ended = run(["serve", ...words], world);
  try {
    await use(await first.promise);
  } finally {
    world.interrupt();
  }
  return await ended;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`serve --json prints itself in one line, and ends by ${signal} with 0`, async () => {
    const serve = await startServe("--json");
    const info: ServeInfo = JSON.parse(serve.firstLine);
    const [{ port }] = info.dcs;
    assert(port > 0 && info.ws.port > 0 && port !== info.ws.port);
    const key = parseRsaPublicKey(info.publicKeyPem);
    assertMatch(info.publicKeyPem, /^-----BEGIN RSA PUBLIC KEY-----\n/);
    assertEquals(info, {
      dcs: [{ id: 2, host: "127.0.0.1", port }],
      ws: { host: "127.0.0.1", port: info.ws.port, path: "/apiws" },
      webSockets: [{ id: 2, host: "127.0.0.1", port: info.ws.port, path: "/apiws" }],
      publicKeyPem: info.publicKeyPem,
      fingerprint: String(key.fingerprint),
      fingerprintHex: BigInt.asUintN(64, key.fingerprint).toString(16).padStart(16, "0"),
      apiId: 12345,
      apiHash: "0123456789abcdef0123456789abcdef",
      accounts: [
        { id: 5000001, phone: "+9996621111", code: "22222" },
        { id: 5000002, phone: "+9996622222", code: "22222", password: "hunter2" },
      ],
      bots: [{ id: 777, token: "777:TESTTOKEN" }],
      groups: [],
    });
    await using client = clientOf(info);
    assert((await client.botSignIn(info.bots[0].token)).isBot);
    const { code, ms, stderr } = await serve.end(signal); // with a client that is connected
    assertEquals(code, 0, stderr);
    assert(ms < 20_000, `it took ${ms} ms to end`);
  });
}

function clientOf(info: ServeInfo, useWebSocket = false): Client {
  const { dcs, ws, apiId, apiHash, publicKeyPem } = info;
  const keys = [parseRsaPublicKey(publicKeyPem)];
  const options = useWebSocket
    ? { dcs: [{ id: 2, ...ws }], dial: webSocketDial({ tls: false }), obfuscated: true }
    : { dcs };
  return new Client(new StringSession(), apiId, apiHash, { keys, ...options });
}

Deno.test("serve listens on the ports that it is given, by TCP and by WebSocket", async () => {
  const [port, wsPort] = [freePort(), freePort()];
  const words = ["--json", "--port", `${port}`, `--ws-port=${wsPort}`];
  const code = await serveWhile(words, async (line) => {
    const info: ServeInfo = JSON.parse(line);
    assertEquals([info.dcs[0].port, info.ws.port], [port, wsPort]);
    for (const useWebSocket of [false, true]) {
      await using client = clientOf(info, useWebSocket);
      await client.start({ phoneNumber: info.accounts[0].phone, phoneCode: "22222" });
    }
  });
  assertEquals(code, 0);
});

Deno.test("serve --mtproxy prints a link through which clients sign in", async () => {
  const secret = "dd" + "5e".repeat(16);
  for (
    const [option, expected] of [
      ["--mtproxy", /^7[\w-]+$/],
      ["--mtproxy=ee", /^7[\w-]+$/],
      ["--mtproxy=plain", /^[0-9a-f]{32}$/],
      ["--mtproxy=dd", /^dd[0-9a-f]{32}$/],
      [`--mtproxy=${secret}`, new RegExp(`^${secret}$`)],
    ] as const
  ) {
    const code = await serveWhile([option, "--json"], async (line) => {
      const { mtproxy, ...info }: ServeInfo = JSON.parse(line);
      assert(mtproxy !== undefined);
      assertMatch(mtproxy.secret, expected);
      const { apiId, apiHash, publicKeyPem } = info;
      const keys = [parseRsaPublicKey(publicKeyPem)];
      const options = { keys, proxy: mtproxy.link };
      await using client = new Client(new StringSession(), apiId, apiHash, options);
      assert((await client.botSignIn(info.bots[0].token)).isBot);
    });
    assertEquals(code, 0);
  }
});

Deno.test("serve refuses a wrong secret for --mtproxy, without repeating it", async () => {
  const world = new FakeWorld();
  assertEquals(await run(["serve", "--mtproxy=aa5e5e5e"], world), 2);
  assertStringIncludes(world.noted[0], 'Cannot use "--mtproxy": expected a secret');
  assert(!world.noted.join().includes("5e5e"));
});

Deno.test("serve takes any free port for 0", async () => {
  const code = await serveWhile(["--json", "--port", "0", "--ws-port", "0"], async (line) => {
    const info: ServeInfo = JSON.parse(line);
    await using client = clientOf(info);
    await client.connect();
  });
  assertEquals(code, 0);
});

Deno.test("serve returns 1 and names the port that is in use", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  for (const option of ["--port", "--ws-port"]) {
    const world = new FakeWorld();
    assertEquals(await run(["serve", option, `${port}`], world), 1);
    assertEquals(world.printed, []);
    assertStringIncludes(
      world.noted[0],
      `Cannot listen on "127.0.0.1:${port}": the port is in use`,
    );
  }
});

Deno.test("serve says in plain words how to sign in to it, when no program asks", async () => {
  const world = new FakeWorld();
  world.onLine = (line) => void (line.startsWith("The offline Telegram runs") && world.interrupt());
  assertEquals(await run(["serve"], world), 0);
  const text = world.printed.join("\n");
  for (
    const expected of [
      "DC 2: 127.0.0.1:",
      "DC 2 by WebSocket: ws://127.0.0.1:",
      "api id 12345",
      "+9996622222, code 22222, password hunter2",
      "777:TESTTOKEN",
      "BEGIN RSA PUBLIC KEY",
    ]
  ) assertStringIncludes(text, expected);
});

Deno.test("login, whoami and logout work with an offline Telegram elsewhere", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, JSON.stringify(serveInfo(telegram)));
    const served = async (words: string[], answers: string[] = []): Promise<FakeWorld> => {
      const world = new FakeWorld(answers);
      assertEquals(await run([...words, "--served", file], world), 0, world.noted.join());
      return world;
    };
    const { printed: [session] } = await served(["login"], ["+9996621111", "22222"]);
    assertMatch((await served(["whoami", session])).printed[0], /^User 1111 \(user /);
    assertMatch((await served(["sessions", session])).printed[0], /this one/);
    await served(["logout", session]);
    const world = new FakeWorld();
    assertEquals(await run(["whoami", session, "--served", file], world), 1);
    assertEquals(world.noted, ["Nobody is signed in with this session."]);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("serve refuses a file that serve --json did not write", async () => {
  for (const path of ["deno.json", "no-such-file.json"]) {
    const world = new FakeWorld();
    assertEquals(await run(["login", "--served", path], world), 2);
    assertStringIncludes(
      world.noted[0],
      `Cannot read "${path}": expected a file with the output of serve`,
    );
  }
});

Deno.test("serve names ctrl-C only in the foreground of a terminal", async () => {
  const { ask } = new FakeWorld();
  const size = () => ({ rows: 24, columns: 80 });
  const cases: [ask: typeof ask, isInBackground: boolean, text: string][] = [
    [{ ...ask, size }, false, "Press ctrl-C to stop it."],
    [{ ...ask, size }, true, `Stop it with: kill ${Deno.pid}`],
    [{ ...ask, size, isTyped: false }, false, `Stop it with: kill ${Deno.pid}`],
    [ask, false, `Stop it with: kill ${Deno.pid}`],
  ];
  for (const [one, isInBackground, text] of cases) {
    assertEquals(await howToStop({ ask: one }, () => Promise.resolve(isInBackground)), text);
  }
});
