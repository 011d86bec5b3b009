/**
 * An offline Telegram without connections, in which people act, and a client in it: what Telegram
 * sends to the client is recorded, loses its way by the history's will, and is handed to the boxes
 * of a library. The same history makes the same packets in every run.
 */
import { type Api, apiSchema, type TlObject } from "../../../src/tl/mod.ts";
import { OfflineTelegram, type Person, type UpdateLimits } from "../../../src/testing/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import "../../helpers/remembered_powers.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";
import {
  type Library,
  type Player,
  printCall,
  printFact,
  sequenceOf,
  type Start,
} from "./player.ts";

const ADA = "+9996621111";
const BOT = "777:TESTTOKEN";
const KEY = "00112233aabbccdd";

/** What a history needs, and does. */
export interface History {
  readonly name: string;
  /** The client is that of a bot. */
  readonly isBot?: boolean;
  readonly limits?: Partial<UpdateLimits>;
  /** What happens before the client is there. Returns what it has missed so far. */
  readonly before?: (stage: Stage) => Promise<void>;
  /** What happens before the client comes back: it fetches that at its start. */
  readonly away?: (stage: Stage) => Promise<void>;
  readonly play: (stage: Stage) => Promise<void>;
}

/** What a library chose to do. */
export interface Choices {
  /** The updates that it handed on, by their sequences: see `sequenceOf`. */
  readonly got: Readonly<Record<string, readonly string[]>>;
  /** The calls that it made. */
  readonly asked: readonly string[];
}

/** What a library did with a history. */
export interface Decisions extends Choices {
  /** What it was sent: packets, answers to calls, and other events. It is plain data. */
  readonly record: readonly Recorded[];
}

/** An entry of a record. */
export interface Recorded {
  readonly kind: "packet" | "answer" | "wait" | "new session";
  readonly packet?: Api.Updates;
  readonly call?: string;
  readonly answer?: unknown;
  readonly ms?: number;
}

type Fate = "come" | "lose" | "hold" | "twice";

/** The world of one run. */
export class Stage {
  readonly bob: Person;
  readonly carol: Person;
  /** How the client is named by others. */
  readonly client: string;
  readonly #telegram: OfflineTelegram;
  readonly #clock = new FakeClock();
  readonly #library: Library;
  readonly #isBot: boolean;
  readonly #got: Record<string, string[]> = {};
  readonly #asked: string[] = [];
  readonly #record: Recorded[] = [];
  readonly #fates: Fate[] = [];
  #held: Api.Updates[] = [];
  #sent: Api.Updates[] = [];
  #player: Player | undefined;

  constructor({ isBot = false, limits }: History, library: Library) {
    this.#library = library;
    this.#isBot = isBot;
    this.#telegram = new OfflineTelegram({
      clock: this.#clock,
      random: seededRandom(1),
      accounts: [
        { phone: ADA, id: 11n, username: "ada_l", firstName: "Ada" },
        { phone: "+9996621112", id: 22n, username: "bobby", firstName: "Bob" },
        { phone: "+9996621113", id: 33n, username: "carol", firstName: "Carol" },
      ],
      bots: [{ token: BOT, privacy: false }],
      limits,
    });
    this.client = isBot ? "@test_777_bot" : "@ada_l";
    this.#telegram.api.signIn(isBot ? 777n : ADA, this.#caller(library.layer));
    this.#telegram.api.onUpdates = (key, updates) => {
      if (key === KEY) this.#sent.push(plain(updates));
    };
    this.bob = this.#telegram.person("+9996621112");
    this.carol = this.#telegram.person("+9996621113");
  }

  /** Runs a history to its end. */
  async run({ before, away, play }: History): Promise<Decisions> {
    await before?.(this);
    await this.#clock.advance(1000); // the date of the state is that of no event
    const start = this.#start();
    await this.#clock.advance(1000);
    await away?.(this);
    this.#sent = [];
    this.#record.length = 0;
    this.#player = await this.#library.play({
      start,
      ask: (request) => this.#ask(request),
      got: (fact) => {
        (this.#got[sequenceOf(fact)] ??= []).push(printFact(fact));
      },
    });
    await play(this);
    await this.wait(2000);
    await this.#player.end();
    await this.#telegram.close();
    return { got: this.#got, asked: this.#asked, record: this.#record };
  }

  /** Lets people act, and the packets about it come, each by the fate that was chosen for it. */
  async act<T>(action: () => Promise<T>): Promise<T> {
    const result = await action();
    for (const packet of this.#sent.splice(0)) {
      const fate = this.#fates.shift() ?? "come";
      if (fate === "hold") this.#held.push(packet);
      else if (fate !== "lose") await this.#receive(packet);
      if (fate === "twice") await this.#receive(packet);
    }
    return result;
  }

  /** Chooses the fates of the next packets. */
  fate(...fates: readonly Fate[]): void {
    this.#fates.push(...fates);
  }

  /** Lets all further packets come, and those that were held. */
  async calm(): Promise<void> {
    this.#fates.length = 0;
    await this.release();
  }

  /** Lets the packets come that were held. */
  async release(): Promise<void> {
    for (const packet of this.#held.splice(0)) await this.#receive(packet);
  }

  /** The session is lost, and the client gets another one. */
  async newSession(): Promise<void> {
    this.#record.push({ kind: "new session" });
    await this.#player?.newSession();
  }

  /** Lets time pass. */
  async wait(ms: number): Promise<void> {
    this.#record.push({ kind: "wait", ms });
    await this.#clock.advance(ms);
    await this.#player?.wait(ms);
  }

  async #receive(packet: Api.Updates): Promise<void> {
    this.#record.push({ kind: "packet", packet });
    await this.#player?.receive(packet);
  }

  #ask(request: TlObject): unknown {
    const call = printCall(request);
    this.#asked.push(call);
    const answer = this.#telegram.api.handle(request, this.#caller(this.#library.layer));
    this.#record.push({ kind: "answer", call, answer });
    return answer;
  }

  #caller(layer: number) {
    return { dcId: 2, authKeyId: KEY, sessionId: 1n, layer };
  }

  #start(): Start {
    const { api } = this.#telegram;
    const caller = this.#caller(228);
    const { pts, qts, date, seq } = api.handle(
      { _: "updates.getState" },
      caller,
    ) as Api.updates.state;
    const channels = new Map<bigint, { pts: number; behind: false }>();
    const self = { id: this.#isBot ? 777n : 11n, isBot: this.#isBot };
    if (this.#isBot) {
      return { self, state: { pts, qts, date, seq, channels }, users: [], chats: [] };
    }
    const all = api.handle({
      _: "messages.getDialogs",
      offsetDate: 0,
      offsetId: 0,
      offsetPeer: { _: "inputPeerEmpty" },
      limit: 100,
      hash: 0n,
    }, caller) as Api.messages.dialogs;
    for (const dialog of all.dialogs) {
      if (dialog._ !== "dialog" || dialog.peer._ !== "peerChannel") continue;
      channels.set(dialog.peer.channelId, { pts: dialog.pts ?? 1, behind: false });
    }
    const { users, chats } = all;
    return { self, state: { pts, qts, date, seq, channels }, users, chats };
  }
}

/** Lets a library play a history. */
export function decide(history: History, library: Library): Promise<Decisions> {
  return new Stage(history, library).run(history);
}

/** A copy that no later change of the server's state reaches. */
function plain(updates: TlObject): Api.Updates {
  return apiSchema().decode(apiSchema().encode(updates), "Updates") as Api.Updates;
}
