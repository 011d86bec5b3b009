/**
 * The scenario through a proxy in every runtime with TCP, and a sign-in that migrates: by our own
 * SOCKS5 and HTTP proxies, over TLS by stunnel beside `.ci/services`, and by our own MTProxy. The
 * clients know no address that leads to Telegram: only the proxies do. Run by
 * `deno task test:runtimes`, after `deno task npm`.
 */
import { MtproxyServer, OfflineTelegram, TEST_ACCOUNTS } from "@tessera/mtproto/testing";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { assert, assertEquals, assertStringIncludes } from "../helpers/assert.ts";
import { bundle, startWorkerd, WORKER_BUNDLE } from "../helpers/edge.ts";
import { hide } from "../helpers/hidden_telegram.ts";
import { serviceTest } from "../helpers/long.ts";
import { installRuntimes, run } from "../helpers/install.ts";
import { newProject, type Project } from "../helpers/npm_project.ts";
import { startProxy } from "../helpers/proxy_servers.ts";
import { startStunnel } from "../helpers/stunnel.ts";
import { EXPECTED, MOVED, type Setting } from "./scenario.ts";

const HERE = new URL("./", import.meta.url);
const KINDS = ["socks5", "http"] as const;
const KEY = "5e".repeat(16);
const FAKE_TLS = `ee${KEY}6578616d706c652e6f7267`;
/** The kinds of secrets in each runtime: plain, padded, and with fake TLS. */
const SECRETS: Readonly<Record<string, readonly (readonly [kind: string, secret: string])[]>> = {
  deno: [["a plain secret", KEY]],
  node24: [["a dd secret", `dd${KEY}`], ["fake TLS", FAKE_TLS]],
  bun: [["fake TLS", FAKE_TLS]],
};
const CREDENTIALS = { username: "lab", password: "hunter2" };
const RUNTIMES = ["deno", "node24", "bun"];
const DONE = [...EXPECTED.slice(0, -3), MOVED, ...EXPECTED.slice(-3)];

const programs = await installRuntimes();
const certificate = Deno.env.get("PROXY_CERTIFICATE") ?? "";

/** A Telegram that only a proxy finds: `dcs` are for clients, and `route` is for the proxy. */
async function startTelegram() {
  const far = { phone: "+9996644444", code: "22222", dcId: 4 };
  const telegram = await OfflineTelegram.start({
    webSocketPort: 0,
    dcs: [2, 4],
    accounts: [...TEST_ACCOUNTS, far],
  });
  return {
    telegram,
    ...hide(telegram),
    [Symbol.asyncDispose]: () => telegram.close(),
  };
}

type Hidden = Awaited<ReturnType<typeof startTelegram>>;

/** A proxy whose clients have a clock of their own, as a worker's may stand still. */
async function startMtproxy({ telegram }: Hidden, secret: string): Promise<MtproxyServer> {
  const proxy = new MtproxyServer(telegram, { secret, behind: 60, ahead: 60 });
  await proxy.listen();
  return proxy;
}

async function scenarioProject(): Promise<Project> {
  const project = await newProject();
  for (const name of ["scenario.ts", "in_process.ts", "in_worker.ts"]) {
    await Deno.copyFile(new URL(name, HERE), `${project.folder}${name}`);
  }
  return project;
}

/**
 * WebSockets with TLS to the data centers: by names and ports that only a proxy can find, as the
 * certificate is for `localhost` alone.
 */
async function startWebSockets({ telegram }: Hidden) {
  await using started = new AsyncDisposableStack();
  const ways = new Map<string, { hostname: string; port: number }>();
  const dcs: { id: number; host: string; port: number }[] = [];
  for (const { id, port } of telegram.webSockets) {
    const stunnel = started.use(await startStunnel(port, certificate));
    dcs.push({ id, host: "localhost", port: id });
    ways.set(`localhost:${id}`, { hostname: "127.0.0.1", port: stunnel.port });
  }
  const kept = started.move();
  return {
    dcs,
    route: (target: string) => ways.get(target),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function settingOf({ telegram, dcs }: Hidden, proxy: string): string {
  const setting: Setting = { ...serveInfo(telegram), dcs, way: "tcp", proxy };
  return JSON.stringify(setting);
}

async function runIn(
  runtime: string,
  setting: string,
  env: Record<string, string> = {},
): Promise<unknown> {
  using project = await scenarioProject();
  const [path, ...args] = runtime === "deno"
    ? [new URL("in_process.ts", HERE).pathname, "run", "-A"]
    : [`${project.folder}in_process.ts`];
  const printed = await run(programs[runtime], [...args, path, setting, project.folder], { env });
  return JSON.parse(printed).done;
}

for (const runtime of RUNTIMES) {
  for (const kind of KINDS) {
    Deno.test(`The scenario runs in ${runtime} through a proxy of kind ${kind}`, async () => {
      await using hidden = await startTelegram();
      await using proxy = startProxy({ kind, ...CREDENTIALS, route: hidden.route });
      assertEquals(await runIn(runtime, settingOf(hidden, proxy.url)), DONE);
      assertEquals([proxy.accepted, proxy.refused], [proxy.targets.length, 0]);
      assert(proxy.accepted > 5, `${proxy.accepted} connections`);
    });
  }

  for (const [kind, secret] of SECRETS[runtime]) {
    Deno.test(`The scenario runs in ${runtime} through an MTProxy with ${kind}`, async () => {
      await using hidden = await startTelegram();
      await using proxy = await startMtproxy(hidden, secret);
      assertEquals(await runIn(runtime, settingOf(hidden, proxy.link)), DONE);
    });
  }

  serviceTest(`The scenario runs in ${runtime} through a proxy with TLS`, async () => {
    await using hidden = await startTelegram();
    await using proxy = startProxy({ kind: "http", ...CREDENTIALS, route: hidden.route });
    await using stunnel = await startStunnel(proxy.port, certificate);
    const setting = settingOf(hidden, stunnel.url(CREDENTIALS));
    const trusting = { DENO_CERT: certificate, NODE_EXTRA_CA_CERTS: certificate };
    assertEquals(await runIn(runtime, setting, trusting), DONE);
    const { length } = proxy.targets;
    const refused = await runIn(runtime, setting).catch(String);
    assertStringIncludes(String(refused), "a certificate that this runtime does not trust");
    assertEquals([proxy.accepted, proxy.targets.length], [length, length]);
  });
}

for (const kind of KINDS) {
  Deno.test(`The scenario runs in workerd through a proxy of kind ${kind}`, async () => {
    await using hidden = await startTelegram();
    await using proxy = startProxy({ kind, ...CREDENTIALS, route: hidden.route });
    using project = await scenarioProject();
    const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
    await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"]);
    const body = settingOf(hidden, proxy.url);
    const response = await fetch(`${workerd.url}/scenario`, { method: "POST", body });
    assertEquals(JSON.parse(await response.text()), DONE);
    assertEquals([proxy.accepted, proxy.refused], [proxy.targets.length, 0]);
  });
}

serviceTest("The scenario runs in workerd through a proxy with TLS", async () => {
  await using hidden = await startTelegram();
  await using proxy = startProxy({ kind: "http", ...CREDENTIALS, route: hidden.route });
  await using stunnel = await startStunnel(proxy.port, certificate);
  using project = await scenarioProject();
  const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
  const trusted = await Deno.readTextFile(certificate);
  await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"], {}, [], [trusted]);
  const body = settingOf(hidden, stunnel.url(CREDENTIALS));
  const response = await fetch(`${workerd.url}/scenario`, { method: "POST", body });
  assertEquals(JSON.parse(await response.text()), DONE);
});

Deno.test("The scenario runs in workerd through an MTProxy with fake TLS", async () => {
  await using hidden = await startTelegram();
  await using proxy = await startMtproxy(hidden, FAKE_TLS);
  using project = await scenarioProject();
  const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
  await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"]);
  const body = settingOf(hidden, proxy.link);
  const response = await fetch(`${workerd.url}/scenario`, { method: "POST", body });
  assertEquals(JSON.parse(await response.text()), DONE);
});

/** The kinds of proxies through which a runtime itself opens WebSockets. */
const WEB_SOCKET_KINDS = {
  deno: ["socks5", "http", "https"],
  bun: ["http", "https"],
} as const;
const TRUSTING = { DENO_CERT: certificate, NODE_EXTRA_CA_CERTS: certificate };

function webSocketSetting(
  { telegram }: Hidden,
  dcs: Setting["dcs"],
  proxy: string,
): string {
  return JSON.stringify({ ...serveInfo(telegram), dcs, way: "webSocket", proxy } satisfies Setting);
}

for (const [runtime, kinds] of Object.entries(WEB_SOCKET_KINDS)) {
  for (const kind of kinds) {
    serviceTest(
      `The scenario runs in ${runtime} by wss through a proxy of kind ${kind}`,
      async () => {
        await using hidden = await startTelegram();
        await using servers = await startWebSockets(hidden);
        const plain = kind === "https" ? "http" : kind;
        await using proxy = startProxy({ kind: plain, ...CREDENTIALS, route: servers.route });
        await using stunnel = await startStunnel(proxy.port, certificate);
        const url = kind === "https" ? stunnel.url(CREDENTIALS) : proxy.url;
        assertEquals(
          await runIn(runtime, webSocketSetting(hidden, servers.dcs, url), TRUSTING),
          DONE,
        );
        assertEquals([proxy.accepted, proxy.refused], [proxy.targets.length, 0]);
        assertEquals(new Set(proxy.targets), new Set(["localhost:2", "localhost:4"]));
      },
    );
  }
}

for (
  const [runtime, proxy] of [
    ["node24", "http://127.0.0.1:1"],
    ["node24", "socks5://127.0.0.1:1"],
    ["bun", "socks5://127.0.0.1:1"],
  ]
) {
  Deno.test(`A client in ${runtime} is not made with useWSS and ${proxy}`, async () => {
    await using hidden = await startTelegram();
    const failure = await runIn(runtime, webSocketSetting(hidden, hidden.dcs, proxy)).catch(String);
    const text = "Cannot use the option proxy: it is a value of type string, expected none beside";
    assertStringIncludes(String(failure), text);
  });
}

Deno.test("A client in workerd is not made with useWSS and a proxy", async () => {
  await using hidden = await startTelegram();
  using project = await scenarioProject();
  const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
  await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"]);
  const body = webSocketSetting(hidden, hidden.dcs, "http://127.0.0.1:1");
  const response = await fetch(`${workerd.url}/scenario`, { method: "POST", body });
  assertStringIncludes(await response.text(), "expected none beside useWSS in this runtime");
});
