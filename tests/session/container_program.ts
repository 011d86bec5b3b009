/**
 * A program in a container, for containers.test.ts. Usage: container_program.ts KIND PATH. It opens
 * a session without waiting, prints one line of JSON, and runs until it is killed.
 */
import { openSession } from "../helpers/session_kinds.ts";

/** What it prints. */
export interface Told {
  readonly pid: number;
  /** Where the pid counts. */
  readonly namespace: string;
  /** The number of the last save that it found. */
  readonly found?: number;
  /** Why it did not get the session. */
  readonly error?: string;
}

if (import.meta.main) {
  const [kind, path] = Deno.args;
  const about = { pid: Deno.pid, namespace: await Deno.readLink("/proc/self/ns/pid") };
  const tell = (told: Told): Promise<number> =>
    Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(told)}\n`));
  // So long that nobody gets the session by waiting.
  const session = openSession(kind, path, { leaseDuration: 3_600_000 });
  try {
    await session.load();
    const found = session.state.dcId;
    session.setDC(found + 1, "127.0.0.1", 443);
    await session.save();
    await tell({ ...about, found });
  } catch (error) {
    await tell({ ...about, error: (error as Error).message });
  }
  await Deno.stdin.readable.pipeTo(new WritableStream()); // as long as the test holds it open
}
