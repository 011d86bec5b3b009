/**
 * The scenario in every runtime, by every way to Telegram that it has. Everywhere but in Deno it is
 * the npm package that is used, so `deno task npm` comes first. Not part of `deno task test`: run
 * by `deno task test:runtimes`.
 */
import { OfflineTelegram } from "@tessera/mtproto/testing";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { assert, assertEquals, assertStringIncludes } from "../helpers/assert.ts";
import { newProject, type Project } from "../helpers/npm_project.ts";
import { bundle, openPage, startWorkerd, WORKER_BUNDLE } from "../helpers/edge.ts";
import type { PageReport } from "./in_page.ts";
import { installRuntimes, run } from "../helpers/install.ts";
import { EXPECTED, type Setting } from "./scenario.ts";

const HERE = new URL("./", import.meta.url);
const WAYS = ["tcp", "webSocket", "http"] as const;
/** How long the start of a runtime may take, in milliseconds. */
const START_TIME = 60_000;

const programs = await installRuntimes();

/** A project with the package and the scenario in it. */
async function scenarioProject(): Promise<Project> {
  const project = await newProject();
  for (const name of ["scenario.ts", "in_process.ts", "in_bot.ts", "in_page.ts", "in_worker.ts"]) {
    await Deno.copyFile(new URL(name, HERE), `${project.folder}${name}`);
  }
  return project;
}

/** The servers; those of clients with `forwardSecrecy` see no packet under a permanent key. */
async function startTelegram(way: Setting["way"] = "tcp"): Promise<OfflineTelegram> {
  const telegram: OfflineTelegram = await OfflineTelegram.start({
    webSocketPort: 0,
    onMessage: ({ dcId, authKeyId }) => {
      const isPermanent = telegram.dc(dcId).permanentKeyOf(authKeyId) === authKeyId;
      assert(way !== "webSocket" || !isPermanent, "a packet under a permanent key");
    },
  });
  return telegram;
}

/** By WebSocket, the clients use temporary keys as well. */
function settingOf(telegram: OfflineTelegram, way: Setting["way"]): Setting {
  return { ...serveInfo(telegram), way, forwardSecrecy: way === "webSocket" };
}

async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  assert(response.ok, text);
  return JSON.parse(text);
}

for (const runtime of ["deno", "node22", "node24", "node26", "bun"]) {
  for (const way of WAYS) {
    Deno.test(`The scenario runs in ${runtime} by ${way}, and its process ends`, async () => {
      await using telegram = await startTelegram(way);
      using project = await scenarioProject();
      const [path, ...args] = runtime === "deno"
        ? [new URL("in_process.ts", HERE).pathname, "run", "-A"]
        : [`${project.folder}in_process.ts`];
      const setting = JSON.stringify(settingOf(telegram, way));
      const text = await run(programs[runtime], [...args, path, setting, project.folder]);
      assertEquals(JSON.parse(text), { done: EXPECTED, kept: "test_777_bot" });
      assert((await Deno.stat(`${project.folder}bot.session`)).isFile);
    });
  }
}

for (const runtime of ["deno", "node22", "node24", "node26", "bun"]) {
  Deno.test(`A bot in ${runtime} lives until it disconnects, and ends by itself`, async () => {
    await using telegram = await startTelegram();
    using project = await scenarioProject();
    const ada = telegram.person("+9996621111");
    await ada.send("@test_777_bot", "/start"); // a bot writes to nobody who has not written to it
    const [path, ...args] = runtime === "deno"
      ? [new URL("in_bot.ts", HERE).pathname, "run", "-A"]
      : [`${project.folder}in_bot.ts`];
    const setting = JSON.stringify(settingOf(telegram, "tcp"));
    const printed = run(programs[runtime], [...args, path, setting, String(ada.id)]);
    assertEquals((await ada.nextMessage({ timeout: START_TIME })).text, "ready");
    for (const text of ["Hello", "/stop"]) {
      await ada.send("@test_777_bot", text);
      assertEquals((await ada.nextMessage()).text, text);
    }
    assertEquals(await printed, "closed\n");
  });
}

for (const way of ["webSocket", "http"] as const) {
  Deno.test(`The scenario runs in Chromium by ${way}, and not by tcpDial()`, async () => {
    await using telegram = await startTelegram();
    using project = await scenarioProject();
    const out = await bundle(project.folder, "in_page.ts", []);
    const reported = Promise.withResolvers<PageReport>();
    const files: Record<string, () => Response | Promise<Response>> = {
      "/": () => {
        const html = '<!doctype html><script type="module" src="/in_page.js"></script>';
        return new Response(html, { headers: { "content-type": "text/html" } });
      },
      "/in_page.js": async () => {
        const text = await Deno.readTextFile(`${out}in_page.js`);
        return new Response(text, { headers: { "content-type": "text/javascript" } });
      },
      "/setting": () => Response.json(settingOf(telegram, way)),
    };
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        const { pathname } = new URL(request.url);
        if (pathname === "/report") reported.resolve(await request.json());
        return await files[pathname]?.() ?? new Response("", { status: 404 });
      },
    );
    await using _page = await openPage(`http://127.0.0.1:${server.addr.port}/`);
    const { done, kept, tcp = "", failure } = await reported.promise;
    assertEquals(failure, undefined);
    assertEquals(done, EXPECTED);
    assertEquals(kept, "test_777_bot");
    assertStringIncludes(tcp, "Use webSocketDial()");
  });
}

for (const way of WAYS) {
  Deno.test(`The scenario runs in a Worker of workerd by ${way}`, async () => {
    await using telegram = await startTelegram();
    using project = await scenarioProject();
    const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
    await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"]);
    const setting = settingOf(telegram, way);
    assertEquals(await post(`${workerd.url}/scenario`, setting), EXPECTED);
    const text = await post(`${workerd.url}/keep`, setting);
    assertStringIncludes(String(text), "Use new StringSession(text)");
    const session = await post(`${workerd.url}/sign-in`, setting);
    assertEquals(await post(`${workerd.url}/send`, { ...setting, session }), EXPECTED.slice(-3));
  });

  Deno.test(`With Node's modules a Worker of workerd connects by ${way}`, async () => {
    await using telegram = await startTelegram();
    using project = await scenarioProject();
    const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
    await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"], {}, [
      "nodejs_compat",
    ]);
    const setting = settingOf(telegram, way);
    assertEquals(await post(`${workerd.url}/scenario`, setting), EXPECTED);
    const text = await post(`${workerd.url}/keep`, setting);
    assertStringIncludes(String(text), "Use new StringSession(text)");
  });

  Deno.test(`A sign-in takes two requests to a Worker of workerd by ${way}`, async () => {
    await using telegram = await startTelegram();
    using project = await scenarioProject();
    const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
    const setting = settingOf(telegram, way);
    let begun: unknown;
    {
      await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"]);
      begun = await post(`${workerd.url}/code`, setting);
    }
    await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"]);
    assertEquals(await post(`${workerd.url}/resume`, { ...setting, ...begun as object }), "user");
  });

  Deno.test(`A Durable Object of workerd holds a client between requests by ${way}`, async () => {
    await using telegram = await startTelegram();
    using project = await scenarioProject();
    const out = await bundle(project.folder, "in_worker.ts", WORKER_BUNDLE);
    await using workerd = await startWorkerd(out, "in_worker.js", ["Holder"]);
    const setting = settingOf(telegram, way);
    assertEquals(await post(`${workerd.url}/holder/open`, setting), "signed in");
    for (let times = 0; times < 3; times++) {
      assertEquals(await post(`${workerd.url}/holder/me`, setting), "test_777_bot");
    }
    const ada = telegram.person("+9996621111");
    await ada.send("@test_777_bot", "Hello");
    assertEquals((await ada.nextMessage()).text, "Hello");
    assertEquals(await post(`${workerd.url}/holder/close`, setting), "disconnected");
  });
}
