/**
 * What the clients in a room of several clients have in common: each signs in, says that it is
 * ready, answers each message that begins with `ping`, and ends at `stop`.
 */
import process from "node:process";
import type { Target } from "./target.ts";

/** What a client in a room is told. */
export interface RoomTarget extends Target {
  /** The phone number with which it signs in; without it, it is the bot. */
  readonly phone?: string;
}

/** Reads what the process is told. */
export function readTarget(): RoomTarget {
  return JSON.parse(process.argv[2]) as RoomTarget;
}

/** The messages that a client received, and what it answers. */
export class Room {
  readonly #name: string;
  readonly #received: string[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** Says that the client is signed in, and receives. */
  ready(): void {
    process.stdout.write("ready\n");
  }

  /** Receives a text, and returns the answer to it, if there is one. At `stop` the process ends. */
  receive(text: string): string | undefined {
    if (text === "stop") {
      process.stdout.write(`${JSON.stringify(this.#received)}\n`, () => process.exit(0));
      return undefined;
    }
    this.#received.push(text);
    return text.startsWith("ping") ? `${this.#name}: ${text}` : undefined;
  }
}
