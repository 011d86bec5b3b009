/** The proxy of a command: typed, or of the environment, and told without its password. */
import { run } from "../../src/cli/mod.ts";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertMatch, assertNotMatch } from "../helpers/assert.ts";
import { FakeWorld } from "../helpers/fake_world.ts";
import { startProxy } from "../helpers/proxy_servers.ts";

const CREDENTIALS = { username: "lab", password: "hunter3" };
const ANSWERS = ["777:TESTTOKEN"];

/** Runs a command against a served Telegram. */
async function withServed(
  test: (served: string[], telegram: OfflineTelegram) => Promise<void>,
): Promise<void> {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, JSON.stringify(serveInfo(telegram)));
    await test(["--served", file], telegram);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("Every command that connects goes through --proxy", async () => {
  await withServed(async (served) => {
    await using proxy = startProxy({ kind: "socks5", ...CREDENTIALS });
    const options = [...served, "--proxy", proxy.url];
    const login = new FakeWorld(ANSWERS);
    assertEquals(await run(["login", ...options], login), 0, login.noted.join("\n"));
    const [session] = login.printed;
    for (const command of ["whoami", "logout"]) {
      const before = proxy.accepted;
      const world = new FakeWorld([], { TESSERA_SESSION: session });
      assertEquals(await run([command, ...options], world), 0, world.noted.join("\n"));
      assert(proxy.accepted > before, command);
      assertNotMatch([...world.noted, ...world.printed].join("\n"), /hunter3|Connecting through/);
    }
    const offline = new FakeWorld(ANSWERS);
    const before = proxy.accepted;
    assertEquals(await run(["login", "--offline", "--proxy", proxy.url], offline), 0);
    assert(proxy.accepted > before);
  });
});

Deno.test("Without --proxy, the variables name the proxy, and the command says so", async () => {
  await withServed(async (served) => {
    await using proxy = startProxy({ kind: "http", ...CREDENTIALS });
    const world = new FakeWorld(ANSWERS, { https_proxy: proxy.url });
    assertEquals(await run(["login", ...served], world), 0, world.noted.join("\n"));
    assert(proxy.accepted > 0);
    assertEquals(
      world.noted.filter((line) => line.startsWith("Connecting through")),
      [`Connecting through the proxy "http://127.0.0.1:${proxy.port}" of https_proxy.`],
    );
    const before = proxy.accepted;
    const excepted = new FakeWorld(ANSWERS, { https_proxy: proxy.url, NO_PROXY: "127.0.0.0/8" });
    assertEquals(await run(["login", ...served], excepted), 0);
    const typed = { ALL_PROXY: "socks5://127.0.0.1:9" };
    const other = new FakeWorld(ANSWERS, typed);
    assertEquals(await run(["login", ...served, "--proxy", proxy.url], other), 0);
    assert(proxy.accepted > before);
  });
});

Deno.test("A wrong proxy is a wrong argument, and a refused password is told at once", async () => {
  await withServed(async (served) => {
    await using proxy = startProxy({ kind: "socks5", ...CREDENTIALS });
    for (
      const [args, env, code, text] of [
        [["--proxy", "socks4://lab:hunter4@h:1"], {}, 2, /SOCKS4 is not supported/],
        [["--proxy", "hunter4"], {}, 2, /Cannot use the proxy: it is not a URL/],
        [[], { ALL_PROXY: "gopher://lab:hunter4@h" }, 2, /the proxy of ALL_PROXY: "gopher"/],
        [["--proxy", proxy.url.replace("hunter3", "hunter4")], {}, 1, /does not accept/],
      ] as const
    ) {
      const world = new FakeWorld(ANSWERS, env);
      assertEquals(await run(["login", ...served, ...args], world), code);
      assertMatch(world.noted.join("\n"), text);
      assertNotMatch(world.noted.join("\n"), /hunter4/);
    }
  });
});
