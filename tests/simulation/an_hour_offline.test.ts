/**
 * A bot whose network is gone for an hour is back within a minute of its return, without a word
 * from the program: it takes what it missed, and what comes then.
 */
import { Client, type ClientOptions, StoreSession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import "../helpers/remembered_powers.ts";
import type { Fault } from "./faults.ts";
import { Network } from "./network.ts";
import { RandomStream } from "./random_stream.ts";
import { ProcessClock, VirtualTime } from "./virtual_time.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BOT = "777:TESTTOKEN";
const ADA = "+9996621111";

/** How a program listens. */
interface Program {
  readonly options: ClientOptions;
  /** Begins to take messages: returns the texts that it takes. */
  readonly listen?: (client: Client) => string[];
}

const PROGRAMS: Readonly<Record<string, Program>> = {
  "a loop": {
    options: {},
    listen(client) {
      const texts: string[] = [];
      const take = async (): Promise<void> => {
        for await (const update of client.updates()) {
          if (update.kind === "message") texts.push(update.message.text);
        }
      };
      take().catch((error: Error) => texts.push(`ended: ${error.message}`));
      return texts;
    },
  },
  "a handler": {
    options: {},
    listen(client) {
      const texts: string[] = [];
      client.on("message", ({ text }) => void texts.push(text));
      return texts;
    },
  },
  "keepConnected": { options: { keepConnected: true } },
};

/** How a network is gone. After a silence, old connections go on, or are dead without a word. */
const NETWORKS: Readonly<Record<string, readonly Fault["kind"][]>> = {
  "refused": ["refused", "reset"],
  "silent": ["blackout"],
  "silent, forgetful": ["blackout", "halfOpen"],
};

/** A bot, its network and Telegram. */
class World {
  readonly time = new VirtualTime();
  readonly client: Client;
  readonly network: Network;
  readonly #telegram: OfflineTelegram;

  constructor(options: ClientOptions) {
    const { time } = this;
    this.#telegram = new OfflineTelegram({
      clock: new ProcessClock(time),
      random: new RandomStream(1, "server").bytes,
    });
    const { apiId, apiHash, clientOptions, dcs: [{ id }] } = this.#telegram;
    this.network = new Network({
      time,
      random: new RandomStream(1, "network"),
      latency: 40,
      jitter: 30,
      serve: (dcId, stream) => void this.#telegram.dc(dcId).serve(stream),
      onFault: () => {},
      onEvent: () => {},
      onDial: (program) => ({ program, dcId: id, at: time.now, isAnswered: false }),
    });
    const texts = new Map<string, string>();
    const session = new StoreSession("bot", {
      get: (key) => texts.get(key),
      set: (key, value) => void texts.set(key, value),
      delete: (key) => void texts.delete(key),
    });
    this.client = new Client(session, apiId, apiHash, {
      ...clientOptions,
      dial: this.network.dialOf({ number: 1, isAlive: true, sleepsUntil: 0 }),
      clock: new ProcessClock(time),
      random: new RandomStream(1, "client").bytes,
      ...options,
    });
  }

  /** Takes the network away. */
  take(kinds: readonly Fault["kind"][], ms: number): void {
    for (const kind of kinds) {
      this.network.make({ kind, at: 0, where: 2, ms } as Fault);
    }
  }

  /** Lets a person write to the bot. */
  async write(text: string): Promise<void> {
    await this.#telegram.person(ADA).send("@test_777_bot", text);
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    await this.time.runUntil(this.time.now + ms);
  }

  /** Lets time pass until a promise settles. */
  async finish(promise: Promise<unknown>): Promise<void> {
    let isOver = false;
    promise.finally(() => isOver = true).catch(() => {});
    await this.time.runUntil(this.time.now + HOUR, () => isOver);
    await promise;
  }
}

for (const [how, { options, listen }] of Object.entries(PROGRAMS)) {
  for (const [network, kinds] of Object.entries(NETWORKS)) {
    Deno.test(`A bot with ${how} is back a minute after a ${network} hour`, async () => {
      const world = new World(options);
      const { client } = world;
      const taken = listen?.(client);
      await world.finish(client.start({ botAuthToken: BOT }));
      await world.write("before");
      await world.pass(MINUTE);
      world.take(kinds, HOUR);
      await world.pass(HOUR / 2);
      assert(client.status.state !== "connected", "the network is there");
      await world.write("meanwhile");
      await world.pass(HOUR / 2 + MINUTE);
      assertEquals(client.status.state, "connected");
      if (taken) assertEquals(taken, ["before", "meanwhile"]);
      await world.write("after");
      await world.pass(1000);
      if (taken) assertEquals(taken, ["before", "meanwhile", "after"]);
      await world.finish(client.disconnect());
    });
  }
}
