/**
 * The scenario in a network namespace without any route: only a port leads to a proxy outside.
 * What goes around the proxy fails there, whatever function it uses. Part of
 * `deno task test:services`, as it needs util-linux and the right to make namespaces: without them
 * it fails.
 */
import { serveInfo } from "../../../src/cli/serve_info.ts";
import { OfflineTelegram, TEST_ACCOUNTS } from "../../../src/testing/mod.ts";
import { assertEquals } from "../../helpers/assert.ts";
import { HAS_SERVICES } from "../../helpers/long.ts";
import { startProxy } from "../../helpers/proxy_servers.ts";
import { EXPECTED, MOVED, type Setting } from "../../runtimes/scenario.ts";

const PROGRAM = new URL("isolated_program.ts", import.meta.url).pathname;

/** Throws where this machine lets no test have a network of its own. */
async function checkIsolation(): Promise<void> {
  const command = new Deno.Command("unshare", { args: ["-rn", "ip", "link", "set", "lo", "up"] });
  const reason = await command.output().then(
    ({ success, stderr }) => success ? undefined : new TextDecoder().decode(stderr).trim(),
    ({ message }) => message,
  );
  if (reason === undefined) return;
  throw new Error(
    `Cannot make a network of its own for this test: ${reason}. ` +
      "Install util-linux and iproute2, and allow user namespaces.",
  );
}

/** Passes the connections to a socket of the file system on to a port. */
function relay(path: string, port: number): Disposable {
  const listener = Deno.listen({ transport: "unix", path });
  void (async () => {
    for await (const connection of listener) {
      const out = await Deno.connect({ port });
      const both = [
        connection.readable.pipeTo(out.writable),
        out.readable.pipeTo(connection.writable),
      ];
      void Promise.allSettled(both);
    }
  })();
  return { [Symbol.dispose]: () => listener.close() };
}

for (const kind of ["socks5", "http"] as const) {
  if (!HAS_SERVICES) continue;
  Deno.test({
    name: `With no route but a proxy of kind ${kind}, everything works`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      await checkIsolation();
      const far = { phone: "+9996644444", code: "22222", dcId: 4 };
      const accounts = [...TEST_ACCOUNTS, far];
      await using telegram = await OfflineTelegram.start({
        webSocketPort: 0,
        dcs: [2, 4],
        accounts,
      });
      await using proxy = startProxy({ kind, username: "lab", password: "hunter2" });
      const folder = await Deno.makeTempDir();
      using _relay = relay(`${folder}/proxy`, proxy.port);
      const setting: Setting = { ...serveInfo(telegram), way: "tcp" };
      const { stdout, stderr } = await new Deno.Command("unshare", {
        args: [
          ...["-rn", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"],
          ...[Deno.execPath(), "run", "-A", "--no-lock", PROGRAM],
          ...[`${folder}/proxy`, JSON.stringify(setting), proxy.url],
        ],
      }).output();
      const text = new TextDecoder().decode(stdout);
      assertEquals(
        text === "" ? new TextDecoder().decode(stderr) : JSON.parse(text),
        {
          direct: "ConnectionRefused",
          done: [...EXPECTED.slice(0, -3), MOVED, ...EXPECTED.slice(-3)],
        },
      );
      await Deno.remove(folder, { recursive: true });
    },
  });
}
