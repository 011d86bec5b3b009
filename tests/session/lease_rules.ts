/** The rules of a lease, for each store that supports leases. Two real processes test each rule. */

import { SessionError } from "../../src/session/mod.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "../helpers/assert.ts";
import { openSession } from "../helpers/session_kinds.ts";
import { numberOf, stateOf } from "../helpers/states.ts";
import { LOCK } from "../helpers/lock.ts";
import { longTest, runs } from "../helpers/long.ts";

const PROGRAM = new URL("lease_holder.ts", import.meta.url).pathname;
/** The duration of a lease that is to expire. A slow machine may lose it. */
const DURATION = 900;
/** The duration of a lease that nobody loses: the machine never stops for so long. */
const SAFE = 60_000;
const HOUR = 3_600_000;

/** Another program. */
class Program implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(kind: string, at: string, { holder = "-", skew = 0, duration = SAFE } = {}) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        LOCK,
        "--no-check",
        "--unstable-kv",
        PROGRAM,
        kind,
        at,
        String(duration),
        holder,
        String(skew),
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Resolves when it has said a line that begins so; gives that line. */
  async said(beginning: string): Promise<string> {
    for (;;) {
      const line = this.#text.split("\n").find((line) => line.startsWith(beginning));
      if (line !== undefined) return line;
      const { value, done } = await this.#lines.read();
      if (done) throw new Error(`It ended without saying "${beginning}"`);
      this.#text += value;
    }
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async end(): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    await writer.write(new Uint8Array([10]));
    await writer.close();
    await this.said("closed");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
    await this.#lines.cancel();
    await this.#child.stdin.close().catch(() => {});
  }
}

/**
 * Adds the tests of leases for a kind of store, if `isLong` those of `deno task test:long`; `at`
 * gives a new place for each.
 */
export function testLease(
  name: string,
  kind: string,
  at: () => string,
  { hasClaims = false, isLong = false } = {},
): void {
  const open = (place: string, wait = false) =>
    openSession(kind, place, { leaseDuration: SAFE, wait });
  const test = (claim: string, check: (place: string) => Promise<void>): void =>
    (isLong ? longTest : Deno.test)(`${name} ${claim}`, () => check(at()));

  test("reports the user of the session and the start to a second program", async (place) => {
    const begun = Date.now();
    await using program = new Program(kind, place);
    await program.said("open");
    const error = await assertRejects(() => open(place).load(), SessionError, "uses it since");
    assertStringIncludes(error.message, `process ${program.pid} on ${Deno.hostname()}`);
    assertInstanceOf(error.since, Date);
    const { since, holder = "" } = error;
    assert(since !== undefined && since.getTime() >= begun && since.getTime() <= Date.now());
    assertStringIncludes(holder, "Deno/");
  });

  test("lets a second program wait until the first has closed it", async (place) => {
    await using program = new Program(kind, place);
    await program.said("open");
    const session = open(place, true);
    const loaded = session.load();
    await assertRejects(() => open(place).load(), SessionError, "uses it since");
    await program.end();
    await loaded;
    assertEquals(numberOf(session.state), 1);
    await session.close();
    const abandoned = open(place, true);
    await using other = new Program(kind, place);
    await other.said("open");
    const waiting = assertRejects(() => abandoned.load(), SessionError, "it was closed");
    await abandoned.close();
    await waiting;
  });

  test("is free at once when its holder was killed on this machine", async (place) => {
    const program = new Program(kind, place);
    await program.said("open");
    program.signal("SIGKILL");
    await program[Symbol.asyncDispose]();
    const session = openSession(kind, place, { leaseDuration: HOUR });
    await session.load();
    assertEquals(numberOf(session.state), 1);
    await session.close();
  });

  test("is not taken from a live remote holder, whatever its clock says", async (place) => {
    for (const skew of [-HOUR, HOUR].slice(0, runs(1, 2))) {
      await using program = new Program(kind, place, { holder: "a machine far away", skew });
      await program.said("open");
      await assertRejects(() => open(place).load(), SessionError, "a machine far away uses it");
      await program.end();
    }
  });

  test("expires when its holder elsewhere has died, whatever its clock said", async (place) => {
    for (const skew of [-HOUR, 0, HOUR].slice(0, runs(1, 3))) {
      const holder = "a machine far away";
      const program = new Program(kind, place, { holder, skew, duration: DURATION });
      await program.said("open");
      program.signal("SIGKILL");
      await program[Symbol.asyncDispose]();
      const session = open(place, true);
      await session.load();
      assertEquals(numberOf(session.state), 1);
      await session.close();
    }
  });

  if (hasClaims) {
    test("is kept by a holder on this machine, however long it is stopped", async (place) => {
      await using program = new Program(kind, place, { duration: DURATION });
      await program.said("open");
      program.signal("SIGSTOP");
      const session = open(place, true);
      let isLoaded = false;
      const loaded = session.load().then(() => isLoaded = true);
      await new Promise((resolve) => setTimeout(resolve, 2 * DURATION));
      assertEquals(isLoaded, false);
      program.signal("SIGCONT");
      await program.end();
      await loaded;
      await session.close();
    });
  }

  test("is lost by a holder that slept for too long, which then saves nothing", async (place) => {
    const options = { holder: "a machine far away", duration: DURATION };
    await using program = new Program(kind, place, options);
    await program.said("open");
    const session = open(place, true);
    for (let isLoaded = false; !isLoaded;) {
      program.signal("SIGSTOP");
      isLoaded = await session.load().then(() => true, (error) => {
        // It was stopped while it wrote: it is to end that first.
        assertStringIncludes(error.message, " locked");
        program.signal("SIGCONT");
        return false;
      });
    }
    session.state = stateOf(2);
    await session.save();
    program.signal("SIGCONT");
    assertEquals(await program.said("lost"), "lost refused");
    await session.close();
    await session.load();
    assertEquals(numberOf(session.state), 2);
    await session.close();
  });
}
