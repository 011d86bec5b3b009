/**
 * The world as it is: the process's own output, environment, terminal and signals, under Deno, Node and Bun.
 */
import { systemTerminal } from "../auth/person/terminal.ts";
import type { World } from "./command.ts";

/** As much of Node's `process` as is used here; Deno and Bun have it too. */
interface Process {
  readonly stdout: { write(text: string): void };
  readonly stderr: { write(text: string): void };
  readonly env: Readonly<Record<string, string | undefined>>;
  once(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
}

/**
 * The world of this process. Signals are listened to from the first time that somebody asks whether there was one, until the
 * world is disposed of: then they end the process again, as is usual.
 */
export function systemWorld(): World & Disposable {
  const { process } = globalThis as unknown as { process: Process };
  let signals: Signals | undefined;
  return {
    print: (line) => process.stdout.write(`${line}\n`),
    note: (line) => process.stderr.write(`${line}\n`),
    ask: systemTerminal(),
    env: (name) => process.env[name],
    get interrupted() {
      return (signals ??= listen(process)).interrupted;
    },
    [Symbol.dispose]: () => signals?.forget(),
  };
}

/** The signals that end a command, while somebody listens to them. */
interface Signals {
  readonly interrupted: AbortSignal;
  forget(): void;
}

function listen(process: Process): Signals {
  const controller = new AbortController();
  const listeners = ["SIGINT", "SIGTERM"].map((signal) => {
    const abort = (): void => controller.abort(new Error(`Interrupted by ${signal}`));
    process.once(signal, abort); // the second one ends the process at once
    return () => process.off(signal, abort);
  });
  return {
    interrupted: controller.signal,
    forget: () => listeners.forEach((forget) => forget()),
  };
}
