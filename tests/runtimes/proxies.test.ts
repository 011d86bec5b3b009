/**
 * The scenario through a proxy in every runtime with TCP, and a sign-in that migrates: by our own
 * SOCKS5 and HTTP proxies, and over TLS by the stunnel of `.ci/services`. Run by
 * `deno task test:runtimes`, after `deno task npm`.
 */
import { MtproxyServer, OfflineTelegram, TEST_ACCOUNTS } from "@tessera/mtproto/testing";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { assert, assertEquals, assertStringIncludes } from "../helpers/assert.ts";
import { bundle, startWorkerd, WORKER_BUNDLE } from "../helpers/edge.ts";
import { serviceTest } from "../helpers/long.ts";
import { installRuntimes, run } from "../helpers/install.ts";
import { newProject, type Project } from "../helpers/npm_project.ts";
import { startProxy } from "../helpers/proxy_servers.ts";
import { EXPECTED, MOVED, type Setting } from "./scenario.ts";

const HERE = new URL("./", import.meta.url);
const KINDS = ["socks5", "http"] as const;
const KEY = "5e".repeat(16);
/** With fake TLS, padded, and plain: one in each runtime is enough. */
const SECRETS: Readonly<Record<string, string>> = {
  deno: KEY,
  node24: `dd${KEY}`,
  bun: `ee${KEY}6578616d706c652e6f7267`,
  workerd: `ee${KEY}6578616d706c652e6f7267`,
};
const CREDENTIALS = { username: "lab", password: "hunter2" };
const RUNTIMES = ["deno", "node24", "bun"];
const DONE = [...EXPECTED.slice(0, -3), MOVED, ...EXPECTED.slice(-3)];

const programs = await installRuntimes();
const tlsProxy = Deno.env.get("PROXIES")?.split(" ").find((url) => url.startsWith("https:")) ?? "";
const certificate = Deno.env.get("PROXY_CERTIFICATE") ?? "";

async function startTelegram(): Promise<OfflineTelegram> {
  const far = { phone: "+9996644444", code: "22222", dcId: 4 };
  return await OfflineTelegram.start({
    webSocketPort: 0,
    dcs: [2, 4],
    accounts: [...TEST_ACCOUNTS, far],
  });
}

/** A proxy whose clients have a clock of their own, as a worker's may stand still. */
async function startMtproxy(telegram: OfflineTelegram, secret: string): Promise<MtproxyServer> {
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

function settingOf(telegram: OfflineTelegram, proxy: string): string {
  const setting: Setting = { ...serveInfo(telegram), way: "tcp", proxy };
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
      await using telegram = await startTelegram();
      await using proxy = startProxy({ kind, ...CREDENTIALS });
      assertEquals(await runIn(runtime, settingOf(telegram, proxy.url)), DONE);
      assertEquals([proxy.accepted, proxy.refused], [proxy.targets.length, 0]);
      assert(proxy.accepted > 5, `${proxy.accepted} connections`);
    });
  }

  Deno.test(`The scenario runs in ${runtime} through an MTProxy`, async () => {
    await using telegram = await startTelegram();
    await using proxy = await startMtproxy(telegram, SECRETS[runtime]);
    assertEquals(await runIn(runtime, settingOf(telegram, proxy.link)), DONE);
  });

  serviceTest(`The scenario runs in ${runtime} through a proxy with TLS`, async () => {
    await using telegram = await startTelegram();
    const setting = settingOf(telegram, tlsProxy);
    const trusting = { DENO_CERT: certificate, NODE_EXTRA_CA_CERTS: certificate };
    assertEquals(await runIn(runtime, setting, trusting), DONE);
    const refused = await runIn(runtime, setting).catch(String);
    assertStringIncludes(String(refused), "a certificate that this runtime does not trust");
  });
}

for (const kind of KINDS) {
  Deno.test(`The scenario runs in workerd through a proxy of kind ${kind}`, async () => {
    await using telegram = await startTelegram();
    await using proxy = startProxy({ kind, ...CREDENTIALS });
    using project = await scenarioProject();
    const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
    await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"]);
    const body = settingOf(telegram, proxy.url);
    const response = await fetch(`${workerd.url}/scenario`, { method: "POST", body });
    assertEquals(JSON.parse(await response.text()), DONE);
    assertEquals([proxy.accepted, proxy.refused], [proxy.targets.length, 0]);
  });
}

serviceTest("The scenario runs in workerd through a proxy with TLS", async () => {
  await using telegram = await startTelegram();
  using project = await scenarioProject();
  const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
  const trusted = await Deno.readTextFile(certificate);
  await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"], {}, [], [trusted]);
  const body = settingOf(telegram, tlsProxy);
  const response = await fetch(`${workerd.url}/scenario`, { method: "POST", body });
  assertEquals(JSON.parse(await response.text()), DONE);
});

Deno.test("The scenario runs in workerd through an MTProxy with fake TLS", async () => {
  await using telegram = await startTelegram();
  await using proxy = await startMtproxy(telegram, SECRETS.workerd);
  using project = await scenarioProject();
  const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
  await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"]);
  const body = settingOf(telegram, proxy.link);
  const response = await fetch(`${workerd.url}/scenario`, { method: "POST", body });
  assertEquals(JSON.parse(await response.text()), DONE);
});
