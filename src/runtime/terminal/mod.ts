/**
 * The keyboard and the screen of this process, under Deno, Node and Bun: the bytes that come in on stdin, whether a terminal
 * shows them as they are typed, and what is written to stderr (stdout is left to results). Reads only while it is asked
 * to, so that it keeps no process alive.
 */

/** Where answers come from, and where questions go. */
export interface Keyboard {
  /** Whether stdin is a terminal, not a file or a pipe. */
  readonly isTerminal: boolean;
  /** In raw mode the terminal shows nothing that is typed, and gives every key at once, ctrl-C too. */
  setRaw(raw: boolean): void;
  /** The next bytes; `undefined` at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Shows text. */
  write(text: string): void;
  /** What ctrl-C does outside raw mode: sends this process SIGINT. */
  interrupt(): void;
}

/**
 * Turns raw mode on and off. Deno, unlike Node and Bun, leaves the terminal raw when a signal ends the process: so the
 * signals are caught meanwhile, and sent again once the terminal is as it was.
 */
function denoRawMode(): (raw: boolean) => void {
  const deadly = ["SIGINT", "SIGTERM"] as const;
  const listeners = deadly.map((signal) => () => {
    setRaw(false);
    Deno.kill(Deno.pid, signal);
  });
  const setRaw = (raw: boolean): void => {
    Deno.stdin.setRaw(raw);
    const change = raw ? Deno.addSignalListener : Deno.removeSignalListener;
    for (const [index, signal] of deadly.entries()) change(signal, listeners[index]);
  };
  return setRaw;
}

function denoKeyboard(): Keyboard {
  const buffer = new Uint8Array(4096);
  return {
    isTerminal: Deno.stdin.isTerminal(),
    setRaw: denoRawMode(),
    async read() {
      const length = await Deno.stdin.read(buffer);
      return length === null ? undefined : buffer.slice(0, length);
    },
    write(text) {
      let rest = new TextEncoder().encode(text);
      while (rest.length > 0) rest = rest.subarray(Deno.stderr.writeSync(rest));
    },
    interrupt: () => Deno.kill(Deno.pid, "SIGINT"),
  };
}

/** As much of Node's `process` as is used here. */
interface NodeProcess {
  readonly stdin: NodeStdin;
  readonly stderr: { write(text: string): void };
  readonly pid: number;
  kill(pid: number, signal: string): void;
}

/** Node's stdin: a terminal, a pipe or a file, which differ in what they can do. */
interface NodeStdin {
  readonly isTTY?: boolean;
  readonly readableEnded: boolean;
  setRawMode?(raw: boolean): void;
  ref?(): void;
  unref?(): void;
  resume(): void;
  pause(): void;
  on(event: string, listener: (value?: unknown) => void): void;
  off(event: string, listener: (value?: unknown) => void): void;
}

function nodeKeyboard(process: NodeProcess): Keyboard {
  const { stdin } = process;
  return {
    isTerminal: stdin.isTTY === true,
    setRaw: (raw) => stdin.setRawMode?.(raw),
    read: () =>
      new Promise((resolve, reject) => {
        if (stdin.readableEnded) return resolve(undefined);
        const settle = (then: () => void): void => {
          for (const [event, listener] of listeners) stdin.off(event, listener);
          stdin.pause();
          stdin.unref?.();
          then();
        };
        const listeners: [event: string, listener: (value?: unknown) => void][] = [
          [
            "data",
            (chunk) => settle(() => resolve(chunk instanceof Uint8Array ? chunk : undefined)),
          ],
          ["end", () => settle(() => resolve(undefined))],
          ["error", (error) => settle(() => reject(error))],
        ];
        for (const [event, listener] of listeners) stdin.on(event, listener);
        stdin.ref?.();
        stdin.resume();
      }),
    write: (text) => process.stderr.write(text),
    interrupt: () => process.kill(process.pid, "SIGINT"),
  };
}

/** The keyboard of this runtime; an error where there is none, as in a browser. */
export function systemKeyboard(): Keyboard {
  if (typeof globalThis.Deno?.stdin?.isTerminal === "function") return denoKeyboard();
  const { process } = globalThis as { process?: NodeProcess };
  if (process?.stdin !== undefined) return nodeKeyboard(process);
  throw new Error(
    "Cannot ask at a terminal: this runtime has none, expected start() with the answers",
  );
}
