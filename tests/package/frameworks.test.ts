/**
 * The examples for frameworks as somebody has them who copies a folder: Next.js and SvelteKit build
 * and serve them with the package, in Node, and a person signs in over HTTP. They install some
 * hundred megabytes, so they run with TESSERA_LONG only.
 */
import { OfflineTelegram } from "@tessera/mtproto/testing";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { freePort, untilListening } from "../helpers/edge.ts";
import { secretsFor } from "../helpers/edge_example.ts";
import { installRuntimes, run } from "../helpers/install.ts";
import { longTest } from "../helpers/long.ts";
import { tarball } from "../helpers/npm_project.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url).pathname;
const WITH_PASSWORD = "+9996622222";
const CODE = "22222";
const PASSWORD = "hunter2";

/** An example in a folder of its own, with the packages of its manifest. */
class Copy implements Disposable {
  readonly #node: string;
  readonly #folder: string;

  constructor(node: string, folder: string) {
    this.#node = node;
    this.#folder = folder;
  }

  static async of(name: string): Promise<Copy> {
    const folder = await Deno.makeTempDir({ prefix: "tessera-" });
    await run("cp", ["-r", `${EXAMPLES}${name}/.`, folder]);
    const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const path = `${folder}/package.json`;
    const manifest = JSON.parse(await Deno.readTextFile(path));
    manifest.dependencies["@tessera/mtproto"] = `file:${await tarball()}`;
    await Deno.writeTextFile(path, JSON.stringify(manifest));
    await run("npm", ["install", ...quiet], { cwd: folder });
    return new Copy((await installRuntimes()).node22, folder);
  }

  async build(...args: string[]): Promise<void> {
    const env = { NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" };
    await run(this.#node, args, { cwd: this.#folder, env });
  }

  /** Starts the server; returns when it listens. */
  async serve(
    port: number,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<Deno.ChildProcess> {
    const child = new Deno.Command(this.#node, {
      args: [...args],
      cwd: this.#folder,
      env: { ...env, PORT: String(port), NEXT_TELEMETRY_DISABLED: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    let ended = false;
    void child.status.then(() => ended = true);
    await untilListening(port, () => ended);
    return child;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

longTest("Next.js builds and serves examples/nextjs, also its edge route", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  using copy = await Copy.of("nextjs");
  const next = "node_modules/next/dist/bin/next";
  await copy.build(next, "build");
  const port = freePort();
  const { SESSION, PASSPHRASE } = await secretsFor(telegram);
  const env = { TELEGRAM: JSON.stringify(serveInfo(telegram)), SESSION, PASSPHRASE };
  await using _server = await copy.serve(port, [next, "start", "-p", String(port)], env);
  const base = `http://localhost:${port}`;
  const post = async (path: string, body: unknown): Promise<Response> =>
    await fetch(`${base}/api/${path}`, { method: "POST", body: JSON.stringify(body) });
  const { login } = await (await post("code", { phone: WITH_PASSWORD })).json();
  const { kind } = await (await post("sign-in", { login, code: CODE })).json();
  assertEquals(kind, "password");
  const done = await post("sign-in", { login, password: PASSWORD });
  assertEquals(await done.json(), { kind: "user", name: "User 2222" });
  assert(/^account=.*HttpOnly/i.test(done.headers.get("set-cookie") ?? ""));
  const headers = { authorization: `Bearer ${PASSPHRASE}` };
  const sent = await fetch(`${base}/api/send`, { method: "POST", body: "Hello!", headers });
  assert((await sent.json()).id > 0);
  assert((await (await fetch(`${base}/sign-in`)).text()).includes("Phone number"));
});

longTest("SvelteKit builds and serves examples/sveltekit", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  using copy = await Copy.of("sveltekit");
  await copy.build("node_modules/vite/bin/vite.js", "build");
  const port = freePort();
  const base = `http://localhost:${port}`;
  const env = { TELEGRAM: JSON.stringify(serveInfo(telegram)), ORIGIN: base };
  await using _server = await copy.serve(port, ["build"], env);
  const post = async (action: string, fields: Record<string, string>): Promise<Response> =>
    await fetch(`${base}/?/${action}`, {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { origin: base, accept: "text/html" },
    });
  const page = await (await post("code", { phone: WITH_PASSWORD })).text();
  const [, login = ""] = /name="login" value="([\da-f-]{36})"/.exec(page) ?? [];
  assert((await (await post("signIn", { login, code: CODE })).text()).includes("the usual"));
  const done = await post("signIn", { login, password: PASSWORD });
  assert((await done.text()).includes("Hello, User 2222!"));
  assert(/^account=.*HttpOnly/i.test(done.headers.get("set-cookie") ?? ""));
});
