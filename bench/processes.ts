/**
 * The processes in which libraries are measured: one for each library, row and runtime. In Node and
 * Bun the other libraries run as npm has installed them; in Deno from its own cache. This project
 * runs from its source in all three.
 */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { installPeers, installRuntimes, run } from "../tests/helpers/install.ts";
import { LOCK } from "../tests/helpers/lock.ts";
import type { LibraryName } from "./libraries/library.ts";

const HERE = new URL("./libraries/", import.meta.url);
/** As in libraries/meter.ts, which cannot be imported: it reads the arguments of its process. */
const MARK = "bench:";

/** What V8 does for memory.ts: it collects garbage when told, and forgets no compiled code. */
const V8_FLAGS = "--expose-gc,--no-flush-bytecode";

/** A runtime. */
export interface Runtime {
  /** "Deno", "Node" or "Bun". */
  readonly name: string;
  readonly version: string;
  /** Returns the program and the arguments that run a library. */
  command(library: LibraryName): readonly string[];
}

/** Installs the runtimes and the libraries, and copies the programs to the libraries. */
export async function prepareRuntimes(): Promise<readonly Runtime[]> {
  const { deno, node24, bun } = await installRuntimes();
  const peers = await installPeers();
  for await (const { name } of Deno.readDir(HERE)) {
    await Deno.copyFile(new URL(name, HERE), `${peers}${name}`);
  }
  const pathOf = (library: LibraryName): string =>
    library === "tessera" ? new URL(`${library}.ts`, HERE).pathname : `${peers}${library}.ts`;
  const versionOf = async (program: string): Promise<string> =>
    (await run(program, ["--version"])).replace(/^(deno |v)/, "").split(/\s/)[0];
  return [
    {
      name: "Deno",
      version: await versionOf(deno),
      command: (library) => [
        deno,
        ...["run", "--quiet", "-A", "--no-check", `--v8-flags=${V8_FLAGS}`, LOCK],
        new URL(`${library}.ts`, HERE).pathname,
      ],
    },
    {
      name: "Node",
      version: await versionOf(node24),
      command: (library) => [node24, ...V8_FLAGS.split(","), "--no-warnings", pathOf(library)],
    },
    {
      name: "Bun",
      version: await versionOf(bun),
      command: (library) => [bun, pathOf(library)],
    },
  ];
}

/** A library in its process. */
export class Measured implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  constructor([program, ...args]: readonly string[]) {
    this.#child = new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    const input = Readable.fromWeb(this.#child.stdout as never);
    this.#lines = createInterface({ input })[Symbol.asyncIterator]();
  }

  /**
   * Returns the next line of the meter: a library may print lines of its own.
   *
   * @throws {Error} if the process ends before
   */
  async line(): Promise<string> {
    while (true) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error("The process ended before it was measured");
      if (value.startsWith(MARK)) return value.slice(MARK.length);
    }
  }

  /** Has one round measured, and returns its line. */
  async ask(): Promise<string> {
    await this.#input.write(Uint8Array.of(10));
    return await this.line();
  }

  /** Returns the milliseconds of one round. */
  async round(): Promise<number> {
    return Number(await this.ask());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#child.status;
  }
}
