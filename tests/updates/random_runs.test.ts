/**
 * Scenario 29: runs with packets that are shuffled, dropped, doubled and split, with differences
 * that fail, with a slow consumer, and with processes that die at any moment.
 */
import type { Api } from "../../src/tl/mod.ts";
import {
  ConsumedState,
  type Delivery,
  MessageBoxes,
  type UpdatesState,
  type Want,
} from "../../src/updates/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";
import { packet, SELF } from "./boxes_world.ts";
import { keyOf, type ModelSequence, ModelServer } from "./model_server.ts";

const CHANNELS = [7n, 8n, 9n];
const SEQUENCES: ModelSequence[] = ["common", "common", "secondary", ...CHANNELS];
const MAX_QUEUE = 12;

class Run {
  readonly #chance: (percent: number) => boolean;
  readonly #pick: (limit: number) => number;
  readonly #server = new ModelServer(CHANNELS, 4);
  /** What happens at a time. */
  #agenda: { at: number; act: () => void }[] = [];
  #now = 0;
  #kept: UpdatesState | undefined = {
    pts: 1,
    qts: 1,
    date: 1000,
    seq: 1,
    channels: new Map(CHANNELS.map((id) => [id, { pts: 1, behind: false }])),
  };
  #boxes: MessageBoxes;
  #consumed: ConsumedState;
  #queue: Delivery[] = [];
  #isFull = false;
  /** The life of the process: what an earlier one asked for is not answered. */
  #life = 0;
  /** The keys that this process delivered. */
  #delivered = new Set<string>();
  /** The last number that this process delivered, by sequence. */
  #last = new Map<string, number>();
  /** The keys that any process consumed. */
  readonly #done = new Set<string>();
  /** The keys that are never delivered, unless a difference brings them. */
  readonly #optional = new Set<string>();

  constructor(seed: number) {
    const random = seededRandom(seed);
    this.#pick = (limit) => pick(random, limit);
    this.#chance = (percent) => this.#pick(100) < percent;
    this.#boxes = new MessageBoxes({ self: SELF, state: this.#kept });
    this.#consumed = new ConsumedState(this.#boxes);
  }

  play(): void {
    const length = 40;
    for (let step = 0; step < length; step++) this.#at(step * 400, () => this.#emit());
    const deaths = this.#pick(4);
    for (let death = 0; death < deaths; death++) {
      this.#at(this.#pick(length * 400), () => this.#die());
    }
    // The end: Telegram says that there is more, and nothing is lost any more.
    this.#at(length * 400 + 10_000, () => {
      this.#receive({ _: "updatesTooLong" });
      const all = CHANNELS.map((channelId) => ({ _: "updateChannelTooLong", channelId } as const));
      this.#receive(packet(...all));
    });
    this.#turn();
    for (let count = 0; this.#agenda.length > 0; count++) {
      assert(count < 20_000, "it ends");
      this.#agenda.sort((a, b) => a.at - b.at);
      const next = this.#agenda.shift();
      if (next === undefined || next.at > 600_000) break;
      this.#now = next.at;
      next.act();
      this.#turn();
    }
    this.#check();
  }

  #at(at: number, act: () => void): void {
    this.#agenda.push({ at, act });
  }

  /** Makes events, and sends them in packets that may be lost. */
  #emit(): void {
    const server = this.#server;
    server.date = 1000 + Math.floor(this.#now / 1000);
    const updates: Api.Update[] = [];
    const count = 1 + this.#pick(4);
    for (let one = 0; one < count; one++) {
      const sequence = SEQUENCES[this.#pick(SEQUENCES.length)];
      const before = server.end(sequence);
      const event = server.add(sequence, this.#chance(20) ? 1 + this.#pick(3) : 0);
      const { update, key, end } = event;
      if (update._ === "updateDeleteMessages" && this.#chance(50)) {
        // An own call deleted them: its answer moves the box without an update.
        this.#optional.add(key);
        const answer = { _: "messages.affectedMessages", pts: end, ptsCount: end - before };
        this.#later(() => {
          this.#enqueue(
            this.#boxes.affected({ _: "messages.deleteMessages" }, answer, this.#now),
          );
        });
      } else if (this.#chance(10)) {
        this.#later(() => this.#receive(packet(update), true));
      } else updates.push(update);
    }
    if (this.#chance(20)) {
      const userId = BigInt(++server.seq);
      updates.push({ _: "updateUserName", userId, firstName: "", lastName: "", usernames: [] });
    }
    // Two packets now and then.
    const cut = this.#chance(30) ? this.#pick(updates.length + 1) : 0;
    for (const part of [updates.slice(0, cut), updates.slice(cut)]) {
      if (part.length === 0 || this.#chance(20)) continue;
      const seq = part.some(({ _ }) => _ === "updateUserName") ? server.seq : 0;
      const sent = { ...packet(...part), date: server.date, seq };
      for (let copy = 0; copy < (this.#chance(10) ? 2 : 1); copy++) {
        this.#at(this.#now + this.#pick(1200), () => this.#receive(sent));
      }
    }
  }

  /** Does something after a while, if the process lives still. */
  #later(act: () => void): void {
    const life = this.#life;
    this.#at(this.#now + 10 + this.#pick(300), () => {
      if (life === this.#life) act();
    });
  }

  #receive(updates: Api.Updates, own = false): void {
    if (this.#queue.length >= MAX_QUEUE) this.#isFull = true;
    const now = this.#now;
    const knows = (): boolean => !this.#chance(5);
    if (this.#isFull && !own) this.#enqueue(this.#boxes.overlook(updates, now));
    else this.#enqueue(this.#boxes.receive(updates, now, { own, knows }));
  }

  #enqueue(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const { update } = delivery;
      assert(update._ !== "gap", "no update is lost for ever");
      const key = keyOf(update);
      assert(!this.#delivered.has(key), `${key} comes twice`);
      assert(!this.#done.has(key), `${key} comes again`);
      this.#delivered.add(key);
      const [sequence, number] = key.split(" ");
      assert(Number(number) > (this.#last.get(sequence) ?? 0), `${key} is out of order`);
      this.#last.set(sequence, Number(number));
      this.#queue.push(delivery);
      this.#at(this.#now + this.#pick(400), () => {});
    }
  }

  /** What the driver does after each event: asks, consumes, keeps. */
  #turn(): void {
    for (let count = this.#pick(4); count > 0; count--) {
      const delivery = this.#queue.shift();
      if (delivery === undefined) break;
      if (delivery.update._ !== "gap") this.#done.add(keyOf(delivery.update));
      this.#consumed.consume(delivery);
    }
    this.#keep();
    if (this.#queue.length > 0) this.#at(this.#now + 50, () => {});
    else this.#isFull = false;
    if (this.#isFull) return;
    for (;;) {
      const want = this.#boxes.want(this.#now);
      if (want?.kind === "wait") this.#at(want.until, () => {});
      if (want === undefined || want.kind === "wait") return;
      this.#later(() => this.#answer(want));
    }
  }

  /** Keeps the state, which never goes back: a process that dies would repeat what it consumed. */
  #keep(): void {
    const [before, after] = [this.#kept, this.#consumed.state];
    for (const field of ["pts", "qts"] as const) {
      assert((after?.[field] ?? 0) >= (before?.[field] ?? 0), `${field} goes back`);
    }
    for (const [id, { pts }] of before?.channels ?? []) {
      assert((after?.channels.get(id)?.pts ?? 0) >= pts, `${id} goes back`);
    }
    this.#kept = after;
  }

  #answer(want: Want): void {
    const boxes = this.#boxes;
    const now = this.#now;
    if (this.#chance(10)) {
      const code = this.#chance(50) ? 500 : undefined;
      this.#enqueue(boxes.fail(want, { code, text: "PERSISTENT_TIMESTAMP_OUTDATED" }, now));
    } else if (want.kind === "getDifference") {
      this.#enqueue(boxes.answer(want, this.#server.getDifference(want.request), now));
    } else if (want.kind === "getChannelDifference") {
      const answer = this.#server.getChannelDifference(want.channelId, want.pts);
      this.#enqueue(boxes.answer(want, answer, now));
    } else assert(false, `${want.kind} is not expected`);
  }

  /** The process dies, and a new one starts from the kept state. */
  #die(): void {
    this.#life++;
    this.#queue = [];
    this.#isFull = false;
    this.#delivered = new Set();
    this.#last = new Map();
    this.#boxes = new MessageBoxes({ self: SELF, state: this.#kept });
    this.#consumed = new ConsumedState(this.#boxes);
  }

  #check(): void {
    const missing = this.#server.events.filter(({ key }) =>
      !this.#done.has(key) && !this.#optional.has(key)
    );
    assertEquals(missing.map(({ key }) => key), []);
    const { pts, qts, channels } = this.#kept ?? {};
    assertEquals([pts, qts], [this.#server.end("common"), this.#server.end("secondary")]);
    for (const id of CHANNELS) {
      const { pts, behind } = channels?.get(id) ?? {};
      assertEquals([pts, behind], [this.#server.end(id), false]);
    }
  }
}

Deno.test("29: whatever a network does, all updates come, in order, and once in a run", () => {
  for (let seed = 1; seed <= runs(40, 2000); seed++) {
    try {
      new Run(seed).play();
    } catch (error) {
      throw new Error(`Run ${seed} failed`, { cause: error });
    }
  }
});
