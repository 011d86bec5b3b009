/**
 * A session file in a volume that containers share. Each container here is a pid namespace and a
 * host name of its own, in which the program is process 1, as in Docker. Needs util-linux and the
 * right to make namespaces: where they are missing, the tests are left out with a word, and fail
 * with TESSERA_SERVICES.
 */
import { assert, assertEquals, assertMatch } from "../helpers/assert.ts";
import { LOCK } from "../helpers/lock.ts";
import { HAS_SERVICES } from "../helpers/long.ts";
import type { Told } from "./container_program.ts";

const PROGRAM = new URL("container_program.ts", import.meta.url).pathname;
const CONTAINER = ["-r", "--pid", "--fork", "--kill-child", "--mount-proc", "--uts"];

/** Why this machine lets no test make a container; `undefined` if it does. */
async function refusal(): Promise<string | undefined> {
  try {
    const command = new Deno.Command("unshare", { args: [...CONTAINER, "hostname", "container"] });
    const { success, stderr } = await command.output();
    return success ? undefined : new TextDecoder().decode(stderr).trim();
  } catch (error) {
    return (error as Error).message;
  }
}

/** A program in a container. */
class Container implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #output: ReadableStreamDefaultReader<string>;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Starts it, and returns what it tells. */
  static async start(
    host: string,
    kind: string,
    path: string,
  ): Promise<{ container: Container; told: Told }> {
    const program = [Deno.execPath(), "run", "-A", "--no-check", LOCK, PROGRAM, kind, path];
    const child = new Deno.Command("unshare", {
      args: [...CONTAINER, "sh", "-c", 'hostname "$0"; exec "$@"', host, ...program],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const container = new Container(child);
    let text = "";
    while (!text.includes("\n")) {
      const { value, done } = await container.#output.read();
      assert(!done, "the program ended without a word");
      text += value;
    }
    return { container, told: JSON.parse(text) };
  }

  /** Kills it, and waits until all its processes have ended: then their output has. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    while (!(await this.#output.read()).done);
    await this.#child.stdin.close().catch(() => {});
    await this.#child.status;
  }
}

const refused = await refusal();
if (refused !== undefined) {
  const note = `Cannot make containers, so containers.test.ts tests none: ${refused}\n`;
  await Deno.stderr.write(new TextEncoder().encode(note));
}

for (const kind of refused === undefined || HAS_SERVICES ? ["SqliteSession", "folder"] : []) {
  Deno.test(`A container gets a session in ${kind} once the last one was killed`, async () => {
    assertEquals(refused, undefined, "Install util-linux, and allow user namespaces.");
    const folder = await Deno.makeTempDir();
    const path = `${folder}/me.session`;
    const start = (host: string): ReturnType<typeof Container.start> =>
      Container.start(host, kind, path);
    const first = await start("one");
    {
      await using _first = first.container;
      // Another container, and one with the name of the first.
      for (const host of ["two", "one"]) {
        const other = await start(host);
        await using _other = other.container;
        assertMatch(other.told.error ?? "", /process 1 on one uses it .*Close it there/);
        assert(other.told.namespace !== first.told.namespace);
      }
    }
    for (const [index, host] of ["one", "two"].entries()) {
      const next = await start(host);
      await using _next = next.container;
      assertEquals(next.told.error, undefined);
      assertEquals(next.told.pid, first.told.pid);
      assertEquals(next.told.found, (first.told.found ?? 0) + index + 1);
    }
    await Deno.remove(folder, { recursive: true });
  });
}
