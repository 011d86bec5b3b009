/**
 * `deno task bench:start`: measures the start of a program in Node 24, Bun and Deno: the import of
 * the library, and all until a bot is signed in over loopback TCP. This project and mtcute, GramJS
 * and teleproto are packages from npm in all three. The programs take turns; a figure is that of a
 * program less that of an empty one. Of the CPU time it is the median; of the time on the clock the
 * shortest, as other load of the machine only makes it longer. Writes the CPU times into
 * docs/benchmarks.md; `--rounds` says how often.
 */
import { parseArgs } from "@std/cli/parse-args";
import { startServe } from "../tests/interop/processes.ts";
import { installPeers, installRuntimes } from "../tests/helpers/install.ts";
import { newProject } from "../tests/helpers/npm_project.ts";
import { LIBRARIES, type LibraryName } from "./libraries/library.ts";
import { median, print, tableOf, TITLES, writeSection } from "./report.ts";

/** A library in a program. */
interface Start {
  /** The imports of a bot. */
  readonly imports: string;
  /** Signs a bot in at the offline Telegram that `target` describes. */
  readonly signIn: string;
}

const gramJs = (name: string): Start => ({
  imports: `import { TelegramClient } from "${name}/index.js";
    import { StringSession } from "${name}/sessions/index.js";`,
  signIn: `
    const { PromisedNetSockets, Logger } = await import("${name}/extensions/index.js");
    const { _serverKeys } = await import("${name}/crypto/RSA.js");
    const { returnBigInt } = await import("${name}/Helpers.js");
    const { createPublicKey } = await import("node:crypto");
    const [{ id, host, port }] = target.dcs;
    const { n } = createPublicKey(target.publicKeyPem).export({ format: "jwk" });
    const modulus = BigInt("0x" + Buffer.from(n, "base64url").toString("hex"));
    _serverKeys.set(target.fingerprint, { n: returnBigInt(String(modulus)), e: 65537 });
    const session = new StringSession("");
    session.setDC(id, host, 80);
    const client = new TelegramClient(session, target.apiId, target.apiHash, {
      networkSocket: class extends PromisedNetSockets {
        connect() { return super.connect(port, host); }
      },
      baseLogger: new Logger("none"),
    });
    await client.connect();
    await client.signInBot(target, { botAuthToken: target.bots[0].token });`,
});

const STARTS: Readonly<Record<LibraryName, Start>> = {
  tessera: {
    imports: `import { Client, StringSession } from "@tessera/mtproto";`,
    signIn: `
      const { parseRsaPublicKey } = await import("@tessera/mtproto/crypto");
      const client = new Client(new StringSession(), target.apiId, target.apiHash, {
        dcs: target.dcs,
        keys: [parseRsaPublicKey(target.publicKeyPem)],
      });
      await client.start({ botAuthToken: target.bots[0].token });`,
  },
  mtcute: {
    imports: `import { MemoryStorage, TelegramClient } from "@mtcute/node";`,
    signIn: `
      const { addPublicKey, NodeCryptoProvider } = await import("@mtcute/node/utils.js");
      addPublicKey(new NodeCryptoProvider(), target.publicKeyPem, false);
      const [{ id, host, port }] = target.dcs;
      const dc = { id, ipAddress: host, port, testMode: false };
      const client = new TelegramClient({
        apiId: target.apiId,
        apiHash: target.apiHash,
        defaultDcs: { main: dc, media: dc },
        storage: new MemoryStorage(),
        logLevel: 0,
      });
      await client.start({ botToken: target.bots[0].token });`,
  },
  gramjs: gramJs("telegram"),
  teleproto: gramJs("teleproto"),
};

const KINDS = ["import", "sign in"] as const;

/** What a process took, in milliseconds. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Prints the CPU time of the process, and ends it. */
const REPORT = `
const { user, system } = process.cpuUsage();
process.stdout.write("cpu:" + (user + system) + "\\n", () => process.exit(0));`;

/** Runs a program until it prints. */
async function run([program, ...args]: readonly string[], argument: string): Promise<Cost> {
  const begun = performance.now();
  const command = new Deno.Command(program, {
    args: [...args, argument],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  });
  await using child = command.spawn();
  let text = "";
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const cpu = /cpu:(\d+)\n/.exec(text)?.[1];
    if (cpu !== undefined) return { wall: performance.now() - begun, cpu: Number(cpu) / 1000 };
  }
  throw new Error(`Cannot measure "${args.at(-1)}": it ended before`);
}

const { rounds } = parseArgs(Deno.args, { default: { rounds: 15 } });
using project = await newProject();
const peers = await installPeers();
const { node24, bun, deno } = await installRuntimes();
const commands: Readonly<Record<string, readonly string[]>> = {
  Node: [node24],
  Bun: [bun],
  Deno: [deno, "run", "-A", "--quiet", "--no-check", "--node-modules-dir=manual"],
};

const paths = new Map<string, string>();
const write = async (key: string, path: string, text: string): Promise<void> => {
  await Deno.writeTextFile(path, `import process from "node:process";\n${text}${REPORT}`);
  paths.set(key, path);
};
await write("bare", `${project.folder}bare.mjs`, "");
for (const library of LIBRARIES) {
  const stem = `${library === "tessera" ? project.folder : peers}${library}`;
  const { imports, signIn } = STARTS[library];
  await write(`${library} import`, `${stem}.import.mjs`, imports);
  const signing = `import { Buffer } from "node:buffer";\n${imports}
    const target = JSON.parse(process.argv[2]);${signIn}`;
  await write(`${library} sign in`, `${stem}.sign_in.mjs`, signing);
}

await using server = await startServe();
const target = JSON.stringify(server.target);
const costs = new Map<string, Cost[]>();
for (let round = 0; round < Number(rounds); round++) {
  for (const [runtime, command] of Object.entries(commands)) {
    for (const [key, path] of paths) {
      const name = `${runtime} ${key}`;
      const list = costs.get(name) ?? [];
      list.push(await run([...command, path], target));
      costs.set(name, list);
    }
  }
}

/** Returns the figures of a program over those of an empty one, for all runtimes. */
function over(key: string, field: keyof Cost): string {
  const of = (name: string): number => {
    const samples = (costs.get(name) ?? []).map((cost) => cost[field]);
    return field === "cpu" ? median(samples) : Math.min(...samples);
  };
  const figures = Object.keys(commands).map((runtime) =>
    Math.round(of(`${runtime} ${key}`) - of(`${runtime} bare`))
  );
  return `${figures.join(" / ")} ms`;
}

const runtimes = Object.keys(commands).join(" / ");
for (const [field, title] of [["cpu", "CPU time"], ["wall", "Time on the clock"]] as const) {
  const rows = LIBRARIES.map((library) => [
    TITLES[library],
    ...KINDS.map((kind) => over(`${library} ${kind}`, field)),
  ]);
  const head = ["library", "imported", "signed in as a bot"];
  const table = tableOf(`${title}; each figure is for ${runtimes}.`, head, rows);
  print(`${table}\n`);
  if (field === "cpu") await writeSection("deno task bench:start", table);
}
