/**
 * Runs workerd and Chromium for the tests: bundles what they are to run, starts them, and ends
 * them.
 */
import { installRuntimes, installTools, run } from "./install.ts";

/** Bundles a module of a project for a runtime, beside it; gives the folder of the bundle. */
export async function bundle(
  folder: string,
  entry: string,
  options: readonly string[],
): Promise<string> {
  const out = `${folder}out/`;
  const args = ["--bundle", "--format=esm", `--outdir=${out}`, ...options];
  await run(`${await installTools()}esbuild/bin/esbuild`, [`${folder}${entry}`, ...args]);
  return out;
}

/** How a Worker is bundled: as Cloudflare's own tool does it. */
export const WORKER_BUNDLE: readonly string[] = [
  "--conditions=workerd,worker,browser",
  "--external:cloudflare:*",
  "--external:node:*",
  "--loader:.wasm=copy",
  "--asset-names=[name]",
];

/** A program that runs, and where it is reached. */
export interface Running extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts workerd with a Worker whose bundle is in `folder`; `objects` are its classes of Durable
 * Objects, `flags` those of compatibility.
 */
export async function startWorkerd(
  folder: string,
  main: string,
  objects: readonly string[] = [],
  bindings: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
  certificates: readonly string[] = [],
): Promise<Running> {
  const tls = `(trustBrowserCas = true, trustedCertificates = ${JSON.stringify(certificates)})`;
  const texts = Object.entries(bindings).map(([name, text]) =>
    `(name = "${name}", text = ${JSON.stringify(text)})`
  );
  const namespaces = objects.map((name) =>
    `(name = "${name.toUpperCase()}", durableObjectNamespace = "${name}")`
  );
  await Deno.writeTextFile(
    `${folder}config.capnp`,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (
      allow = ["private", "public", "local"],
      tlsOptions = ${tls},
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [
    (name = "${main}", esModule = embed "${main}"),
    (name = "tessera.wasm", wasm = embed "tessera.wasm"),
  ],
  compatibilityDate = "2026-07-01",
  compatibilityFlags = ${JSON.stringify(flags)},
  durableObjectNamespaces = [${
      objects.map((name) => `(className = "${name}", uniqueKey = "${name}")`).join(", ")
    }],
  durableObjectStorage = (inMemory = void),
  bindings = [${[...namespaces, ...texts].join(", ")}],
);
`,
  );
  const { workerd } = await installRuntimes();
  const port = freePort();
  const args = ["serve", "config.capnp", "--socket-addr", `http=127.0.0.1:${port}`];
  const child = new Deno.Command(workerd, { args, cwd: folder, stdin: "null" }).spawn();
  const url = `http://127.0.0.1:${port}`;
  let ended = false;
  const ending = child.status.then(() => ended = true);
  await untilListening(port, () => ended);
  return {
    url,
    async [Symbol.asyncDispose]() {
      if (!ended) child.kill("SIGKILL");
      await ending;
    },
  };
}

/** Opens a page in a headless Chromium. */
export async function openPage(url: string): Promise<AsyncDisposable> {
  const profile = await Deno.makeTempDir({ prefix: "tessera-chromium-" });
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  const more = ["--no-first-run", "--disable-dev-shm-usage", `--user-data-dir=${profile}`, url];
  const child = new Deno.Command("chromium", {
    args: [...args, ...more],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await Deno.remove(profile, { recursive: true }).catch(() => {});
    },
  };
}

/** A port that nobody listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until somebody listens on a port; throws when the program that should has ended. */
export async function untilListening(port: number, ended: () => boolean): Promise<void> {
  while (!ended()) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  throw new Error(`Cannot start a program: it ended at once, expected it to listen on ${port}`);
}
