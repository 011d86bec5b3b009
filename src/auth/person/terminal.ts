/**
 * Asking at a terminal: for a line that is seen while it is typed, and for one that is not. A pipe
 * or a file can stand in for the keyboard, with one line for each answer. Questions go to stderr,
 * so that stdout holds results only.
 */
import { concatBytes, decodeUtf8, encodeUtf8 } from "../../crypto/mod.ts";
import { abortable } from "../../runtime/mod.ts";
import { type Keyboard, type ScreenSize, systemKeyboard } from "../../runtime/terminal/mod.ts";
import { LoginCancelledError } from "../errors.ts";
import type { Asker } from "./asker.ts";

const NEWLINE = 0x0a;
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_U = "\x15";
const ESCAPE = "\x1b";
const ENTER = ["\r", "\n"];
const BACKSPACE = ["\b", "\x7f"];

/**
 * Returns the text without characters that would steer the terminal: a password's hint comes from
 * elsewhere.
 */
function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

/** The effect of a key that was pressed while a hidden line is typed. */
type Pressed = "typing" | "entered" | "interrupted" | "ended";

/** A line that is typed in raw mode, in which the terminal itself edits nothing. */
class HiddenLine {
  #typed: string[] = [];
  #escape: "none" | "begun" | "sequence" = "none";

  get text(): string {
    return this.#typed.join("");
  }

  press(key: string): Pressed {
    if (this.#escape !== "none") return this.#skip(key);
    if (ENTER.includes(key)) return "entered";
    if (key === CTRL_C) return "interrupted";
    if (key === CTRL_D && this.#typed.length === 0) return "ended";
    if (key === ESCAPE) this.#escape = "begun";
    else if (BACKSPACE.includes(key)) this.#typed.pop();
    else if (key === CTRL_U) this.#typed = [];
    else if (key >= " ") this.#typed.push(key);
    return "typing";
  }

  /**
   * Arrow keys and the like send an escape sequence: ESC [ … letter, or ESC O letter. None of it is
   * typed text.
   */
  #skip(key: string): Pressed {
    const opens = this.#escape === "begun" && (key === "[" || key === "O");
    if (opens) this.#escape = "sequence";
    else if (this.#escape === "begun" || (key >= "@" && key <= "~")) this.#escape = "none";
    return "typing";
  }
}

/** A terminal at which a person is asked, or a pipe or file that stands in for it. */
export class Terminal implements Asker {
  readonly #keyboard: Keyboard;
  /** Bytes that were read and not yet used: a pipe may bring several lines at once. */
  #held: Uint8Array = new Uint8Array(0);
  /** A read that was begun for a question that was given up. */
  #reading?: Promise<Uint8Array | undefined>;

  /** A terminal of this keyboard; of the process's own by default. */
  constructor(keyboard: Keyboard = systemKeyboard()) {
    this.#keyboard = keyboard;
  }

  /** Shows a line, or several, as terms of service have. */
  say(text: string): void {
    this.#keyboard.write(`${text.split("\n").map(clean).join("\n")}\n`);
  }

  /** Returns the size of the screen; undefined if stderr is not a terminal. */
  size(): ScreenSize | undefined {
    return this.#keyboard.size?.();
  }

  /** Whether a person types, and no pipe or file stands in for the keyboard. */
  get isTyped(): boolean {
    return this.#keyboard.isTerminal;
  }

  /**
   * Asks for a line, which is seen while it is typed. Throws `LoginCancelledError` when the input
   * has ended.
   */
  async askLine(question: string, signal?: AbortSignal): Promise<string> {
    this.#keyboard.write(clean(question));
    const line = await this.#line(signal);
    if (!this.#keyboard.isTerminal && question !== "") this.#keyboard.write("\n");
    return line;
  }

  /**
   * Asks for a line, which is not seen while it is typed. Throws `LoginCancelledError` when the
   * input has ended or ctrl-C was pressed; the terminal is as before in any case.
   */
  async askHidden(question: string, signal?: AbortSignal): Promise<string> {
    if (!this.#keyboard.isTerminal) return await this.askLine(question, signal);
    this.#keyboard.setRaw(true); // first: nothing may be seen of what is typed early
    let pressed: Pressed = "typing";
    const line = new HiddenLine();
    try {
      this.#keyboard.write(clean(question));
      pressed = await this.#hiddenLine(line, signal);
    } finally {
      this.#keyboard.setRaw(false);
      this.#keyboard.write("\n");
    }
    if (pressed === "interrupted") throw this.#interrupted();
    if (pressed === "ended") throw inputEnded();
    return line.text;
  }

  async #hiddenLine(line: HiddenLine, signal?: AbortSignal): Promise<Pressed> {
    const decoder = new TextDecoder();
    for (;;) {
      const chunk = await this.#chunk(signal);
      if (chunk === undefined) return "ended";
      const keys = [...decoder.decode(chunk, { stream: true })];
      for (const [index, key] of keys.entries()) {
        const pressed = line.press(key);
        if (pressed === "typing") continue;
        this.#held = encodeUtf8(keys.slice(index + 1).join(""));
        return pressed;
      }
    }
  }

  async #line(signal?: AbortSignal): Promise<string> {
    const parts: Uint8Array[] = [];
    for (;;) {
      const chunk = await this.#chunk(signal);
      if (chunk === undefined) break;
      const end = chunk.indexOf(NEWLINE);
      parts.push(end < 0 ? chunk : chunk.subarray(0, end));
      if (end >= 0) {
        this.#held = chunk.slice(end + 1);
        break;
      }
    }
    if (parts.length === 0) throw inputEnded();
    return decodeUtf8(concatBytes(...parts)).replace(/\r$/, "");
  }

  /** Returns the bytes that are held, or the next ones. */
  async #chunk(signal?: AbortSignal): Promise<Uint8Array | undefined> {
    signal?.throwIfAborted();
    if (this.#held.length > 0) {
      const held = this.#held;
      this.#held = new Uint8Array(0);
      return held;
    }
    this.#reading ??= this.#keyboard.read();
    const chunk = await abortable(this.#reading, signal);
    this.#reading = undefined;
    return chunk;
  }

  /**
   * Ctrl-C: the program gets its SIGINT, as it would outside raw mode; if it lives on, the question
   * is cancelled.
   */
  #interrupted(): LoginCancelledError {
    try {
      this.#keyboard.interrupt();
    } catch {
      // Deno may not be allowed to send signals; the error below ends the sign-in all the same.
    }
    return new LoginCancelledError({ text: "ctrl-C was pressed" });
  }
}

function inputEnded(): LoginCancelledError {
  return new LoginCancelledError({ text: "the input ended before the question was answered" });
}

let shared: Terminal | undefined;

/**
 * Returns the terminal of this process. There is one, so that bytes read ahead are not lost between
 * two questions.
 */
export function systemTerminal(): Terminal {
  return shared ??= new Terminal();
}
