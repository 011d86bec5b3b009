/**
 * A person who is signed in to an offline Telegram over a slow line, in time by hand: to see in
 * which order the messages to each chat arrive, whatever happens to the line.
 */
import {
  Client,
  type ClientOptions,
  ConnectionError,
  type Dial,
  MemorySession,
} from "../../mod.ts";
import { pipe } from "../../src/net/mod.ts";
import { type Caller, type OfflineApi, OfflineTelegram } from "../../src/testing/mod.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { assertEquals } from "./assert.ts";
import { FakeClock, settled } from "./fake_clock.ts";
import { shortExponents } from "./remembered_powers.ts";
import { seededRandom } from "./seeded_random.ts";

const PHONE = "+9996621111";
export const ADA = 11n;
export const BOB = 22n;
export const CAROL = 33n;

/** A client, its Telegram, and the line between them. */
export class MessagesWorld implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly telegram: OfflineTelegram;
  readonly client: Client<MemorySession>;
  /** The calls that reached the offline Telegram. */
  readonly calls: string[] = [];
  /** How long each write is on its way, in milliseconds. */
  latency = 0;
  isDown = false;
  /** Called for each write, before it arrives; returns whether it does. */
  onWrite: (from: "client" | "server", cut: () => void) => boolean = () => true;
  readonly #lines = new Set<() => void>();
  #caller: Caller | undefined;
  readonly #handle: OfflineApi["handle"];

  constructor(options: ClientOptions = {}, seed = 1) {
    this.telegram = new OfflineTelegram({
      clock: this.clock,
      random: shortExponents(seededRandom(seed)),
      accounts: [
        { phone: PHONE, id: ADA, username: "ada_l" },
        { phone: "+9996621112", id: BOB, username: "bobby" },
        { phone: "+9996621113", id: CAROL, username: "carol" },
      ],
    });
    const { api } = this.telegram;
    this.#handle = api.handle.bind(api);
    api.handle = (request, caller) => {
      this.calls.push(request._);
      this.#caller = caller;
      return this.#handle(request, caller);
    };
    this.client = new Client(new MemorySession(), this.telegram.apiId, this.telegram.apiHash, {
      ...this.telegram.clientOptions,
      clock: this.clock,
      random: shortExponents(seededRandom(seed + 1)),
      dial: this.#dial,
      ...options,
    });
  }

  /** Signs in. Bob and Carol are not known to the client yet. */
  async signIn(): Promise<void> {
    await this.client.start({ phoneNumber: PHONE, phoneCode: () => "22222" });
    this.calls.length = 0;
  }

  /** Cuts the connections as the network would. What is on its way is lost. */
  cut(): void {
    for (const cut of this.#lines) cut();
  }

  /** Returns the texts in the chat with somebody, in the order of their arrival. */
  texts(peerId: bigint = ADA): string[] {
    const caller = this.#caller;
    if (caller === undefined) return [];
    const ask = (request: TlObject): TlObject => this.#handle(request, caller) as TlObject;
    const username = peerId === BOB ? "bobby" : peerId === CAROL ? "carol" : "ada_l";
    const { users } = ask({ _: "contacts.resolveUsername", username });
    const [{ accessHash }] = users as TlObject[];
    const peer = { _: "inputPeerUser", userId: peerId, accessHash };
    const texts: string[] = [];
    const range = { offsetDate: 0, addOffset: 0, limit: 100, maxId: 0, minId: 0, hash: 0n };
    for (let offsetId = 0;;) {
      const answer = ask({ _: "messages.getHistory", peer, offsetId, ...range });
      const messages = answer.messages as TlObject[];
      if (messages.length === 0) return texts.reverse();
      for (const { message } of messages) texts.push(String(message));
      offsetId = Number(messages[messages.length - 1].id);
    }
  }

  /** Lets time pass until the promise settles. */
  async wait<T>(promise: Promise<T>, step = 50): Promise<T> {
    let isOver = false;
    const end = (): void => void (isOver = true);
    promise.then(end, end);
    for (await settled(); !isOver;) await this.clock.advance(step);
    return await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.disconnect();
    await this.telegram.close();
    assertEquals(this.clock.sleepers, 0, "nothing sleeps any more");
  }

  readonly #dial: Dial = async () => {
    await Promise.resolve();
    if (this.isDown) throw new ConnectionError("Cannot connect: there is no network");
    const [client, server] = pipe();
    const ended = new AbortController();
    const cut = (): void => {
      this.#lines.delete(cut);
      ended.abort();
      client.close();
      server.close();
    };
    this.#lines.add(cut);
    const over = async (
      from: "client" | "server",
      write: (bytes: Uint8Array) => Promise<void>,
      bytes: Uint8Array,
    ): Promise<void> => {
      if (this.latency > 0) await this.clock.sleep(this.latency, ended.signal);
      if (this.onWrite(from, cut)) await write(bytes);
    };
    void this.telegram.dc().serve({
      read: () => server.read(),
      write: (bytes) => over("server", (bytes) => server.write(bytes), bytes),
      close: cut,
    });
    return {
      read: () => client.read(),
      write: (bytes) => over("client", (bytes) => client.write(bytes), bytes),
      close: cut,
    };
  };
}
