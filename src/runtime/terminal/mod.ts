/**
 * The terminal of this process, in Deno, Node and Bun: reads keys from stdin and writes questions
 * to stderr; stdout is for results. It listens to stdin only during a read, so that it does not
 * keep the process alive.
 */

/** A keyboard to read answers from, and a screen to write questions to. */
export interface Keyboard {
  /** Whether stdin is a terminal, not a file or a pipe. */
  readonly isTerminal: boolean;
  /** In raw mode the terminal does not echo keys, and passes on each key at once, also ctrl-C. */
  setRaw(raw: boolean): void;
  /** Returns the next bytes; undefined at the end of the input. */
  read(): Promise<Uint8Array | undefined>;
  /** Writes text to the screen. */
  write(text: string): void;
  /** Sends SIGINT to this process, as ctrl-C does outside raw mode. */
  interrupt(): void;
  /** Returns the size of the screen; undefined if stderr is not a terminal. */
  size?(): ScreenSize | undefined;
}

/** The size of a screen, in characters. */
export interface ScreenSize {
  /** How many lines it has. */
  readonly rows: number;
  /** How many characters a line has. */
  readonly columns: number;
}

/**
 * Returns a function that turns raw mode on and off.
 *
 * Deno, unlike Node and Bun, leaves the terminal raw when a signal ends the process. So raw mode
 * catches these signals, restores the terminal, and sends them again.
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
    size: () => Deno.stderr.isTerminal() ? denoScreen() : undefined,
  };
}

function denoScreen(): ScreenSize | undefined {
  try {
    const { rows, columns } = Deno.consoleSize();
    return sizeOf(rows, columns);
  } catch {
    return undefined;
  }
}

/** A terminal that does not know its size says 0. */
function sizeOf(rows = 0, columns = 0): ScreenSize | undefined {
  return rows > 0 && columns > 0 ? { rows, columns } : undefined;
}

/** The part of Node's `process` that this file uses. */
interface NodeProcess {
  readonly stdin: NodeStdin;
  readonly stderr: {
    readonly rows?: number;
    readonly columns?: number;
    write(text: string): void;
  };
  readonly pid: number;
  kill(pid: number, signal: string): void;
}

/** Node's stdin. Only a terminal has `setRawMode`; a file has no `ref` and `unref`. */
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
    size: () => sizeOf(process.stderr.rows, process.stderr.columns),
  };
}

/**
 * Returns the keyboard of this runtime.
 *
 * @throws {Error} if the runtime has no terminal, as in a browser
 */
export function systemKeyboard(): Keyboard {
  if (typeof globalThis.Deno?.stdin?.isTerminal === "function") return denoKeyboard();
  const { process } = globalThis as { process?: NodeProcess };
  if (process?.stdin !== undefined) return nodeKeyboard(process);
  throw new Error(
    "Cannot ask at a terminal: this runtime has no terminal. Use start() with the answers.",
  );
}
