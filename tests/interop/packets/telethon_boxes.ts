/** The message box of Telethon, in a process of its own: telethon_boxes.py drives it. */
import { bytesToHex, decodeUtf8, encodeUtf8, hexToBytes } from "../../../src/crypto/mod.ts";
import { anyLayerSchema, fitAnswer, layerSchema } from "../../../src/testing/layers/mod.ts";
import type { Api, TlObject } from "../../../src/tl/mod.ts";
import { factOf, type Host, type Library, type NamedUpdate, type Player } from "./player.ts";

const PROGRAM = new URL("telethon_boxes.py", import.meta.url).pathname;
/** That of Telethon 1.45. */
const LAYER = 229;
const PEER: Api.Peer = { _: "peerUser", userId: 1n };

/** Returns the message box of the Telethon in a folder. */
export function telethonIn(folder: string): Library {
  return {
    name: "Telethon",
    layer: LAYER,
    async play(host) {
      const player = new TelethonBoxes(host, folder);
      await player.begin();
      return player;
    },
  };
}

/** A line of the program. */
interface Line {
  readonly got?: NamedUpdate;
  /** A request, in hex. */
  readonly ask?: string;
  readonly done?: boolean;
}

class TelethonBoxes implements Player {
  readonly #host: Host;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #output: ReadableStreamDefaultReader<Uint8Array>;
  #text = "";

  constructor(host: Host, folder: string) {
    this.#host = host;
    this.#child = new Deno.Command("python3", {
      args: [PROGRAM],
      env: { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1" },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#output = this.#child.stdout.getReader();
  }

  async begin(): Promise<void> {
    const { self, state, users, chats } = this.#host.start;
    const { pts, qts, date, seq, channels } = state;
    await this.#order({
      start: {
        self: Number(self.id),
        isBot: self.isBot,
        known: toHex({ _: "contacts.resolvedPeer", peer: PEER, users, chats }),
        pts,
        qts,
        date,
        seq,
        channels: [...channels].map(([id, { pts }]) => [Number(id), pts]),
      },
    });
  }

  async receive(packet: Api.Updates): Promise<void> {
    await this.#order({ packet: toHex(packet) });
  }

  /** Telethon takes note of the salt only: `_handle_new_session_created` of its sender. */
  newSession(): void {}

  async wait(ms: number): Promise<void> {
    await this.#order({ wait: ms });
  }

  async end(): Promise<void> {
    await this.#input.close();
    await this.#output.cancel();
    await this.#child.status;
  }

  async #order(order: object): Promise<void> {
    await this.#say(order);
    for (;;) {
      const { got, ask, done } = await this.#line();
      if (got !== undefined) this.#host.got(factOf(got));
      if (ask !== undefined) {
        const request = anyLayerSchema().decode(hexToBytes(ask)) as TlObject;
        await this.#say({ answer: toHex(this.#host.ask(request) as TlObject) });
      }
      if (done) return;
    }
  }

  async #say(line: object): Promise<void> {
    await this.#input.write(encodeUtf8(`${JSON.stringify(line)}\n`));
  }

  async #line(): Promise<Line> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        return JSON.parse(line) as Line;
      }
      const { value, done } = await this.#output.read();
      if (done) throw new Error("Telethon's message box has ended: its error is above");
      this.#text += decodeUtf8(value);
    }
  }
}

function toHex(object: TlObject): string {
  return bytesToHex(layerSchema(LAYER).encode(fitAnswer(object, LAYER)));
}
