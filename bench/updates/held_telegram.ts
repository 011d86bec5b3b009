/**
 * An offline Telegram that prepares all that it sends to a bot, and then writes it at once: no
 * client waits for it.
 */
import type { ByteStream } from "../../src/net/mod.ts";
import { listenTcp } from "../../src/testing/listener.ts";
import { OfflineTelegram, TEST_BOTS } from "../../src/testing/mod.ts";
import type { Api, TlObject } from "../../src/tl/mod.ts";
import type { Setting } from "./meter.ts";

/** What comes: a short message, or updates with their users and chats, so many in a packet. */
export type Kind = "short" | "private" | "channel" | "real";

const PEOPLE = 50;
const TEXT = "The quick brown fox jumps over the lazy dog, and the dog does not care at all";
const LONG_TEXT = TEXT.repeat(12);
const DATE = Math.floor(Date.now() / 1000);
const ADA = "+9996621111";
const BOT = 777n;

const users: readonly Api.user[] = Array.from({ length: PEOPLE }, (_, n) => ({
  _: "user",
  id: 5_000_000_000n + BigInt(n),
  accessHash: 0x123456789abcdefn + BigInt(n),
  firstName: `Person ${n}`,
  lastName: "of the bench",
  username: `person_of_the_bench_${n}`,
  photo: { _: "userProfilePhoto", photoId: 77n + BigInt(n), dcId: 2 },
  status: { _: "userStatusOnline", expires: DATE + 300 },
  langCode: "en",
}));
const channel: Api.channel = {
  _: "channel",
  megagroup: true,
  id: 1_600_000_000n,
  accessHash: 0x7654321n,
  title: "The supergroup of the bench",
  photo: { _: "chatPhotoEmpty" },
  date: DATE,
  participantsCount: PEOPLE,
};

/** The server of one client. */
export class HeldTelegram implements AsyncDisposable {
  readonly #telegram = new OfflineTelegram({ limits: { slice: 1000 } });
  readonly #ending: (() => Promise<void>)[] = [];
  /** What waits to be written; undefined if nothing is held. */
  #held: Uint8Array[] | undefined;
  #stream: ByteStream | undefined;
  #pts = 0;
  #channelPts = 100;
  #lastId = 1000;

  /** Listens, and returns what a client must know. */
  async start(count: number, sleep: number): Promise<Setting> {
    const telegram = this.#telegram;
    const { host, port, close } = await listenTcp({}, (stream) => this.#serve(stream));
    this.#ending.push(close);
    const [{ id }] = telegram.dcs;
    const dc = { id, host, port };
    telegram.api.setDcAddresses([dc]);
    const { apiId, apiHash, publicKeyPem } = telegram;
    const [{ token }] = TEST_BOTS;
    const fingerprint = String(telegram.keys[0].fingerprint);
    return { dc, publicKeyPem, fingerprint, apiId, apiHash, token, count, sleep };
  }

  /** Sends the first message; all users and chats come with it, if they are not real. */
  async greet(kind: Kind): Promise<void> {
    if (kind === "real") return await this.#write("Hello");
    const state = this.#telegram.api.act(BOT, { _: "updates.getState" }) as Api.updates.State;
    this.#pts = state.pts;
    const update = this.#private(users[0]);
    const all = { users, chats: [channel], date: DATE, seq: 0 };
    await this.#telegram.dc().pushToAll({ _: "updates", updates: [update], ...all });
  }

  /** Prepares `count` messages in packets of `size`, and holds them back. */
  async prepare(kind: Kind, count: number, size: number): Promise<void> {
    this.#held = [];
    const dc = this.#telegram.dc();
    for (let done = 0; done < count; done += size) {
      if (kind === "real") await this.#write(LONG_TEXT);
      else await dc.pushToAll(this.#packet(kind, size));
    }
  }

  /** Writes all that is prepared. */
  async release(): Promise<void> {
    const held = this.#held ?? [];
    this.#held = undefined;
    await this.#stream?.write(new Uint8Array(await new Blob(held as BlobPart[]).arrayBuffer()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ending) await end();
    await this.#telegram.close();
  }

  async #write(text: string): Promise<void> {
    await this.#telegram.person(ADA).send("@test_777_bot", text);
  }

  #serve(stream: ByteStream): void {
    this.#stream = stream;
    void this.#telegram.dc().serve({
      read: () => stream.read(),
      close: () => stream.close(),
      write: (bytes) => {
        if (this.#held === undefined) return stream.write(bytes);
        this.#held.push(bytes);
        return Promise.resolve();
      },
    });
  }

  #packet(kind: Exclude<Kind, "real">, size: number): TlObject {
    if (kind === "short") {
      const { id: userId } = users[this.#lastId % PEOPLE];
      const [id, pts] = [++this.#lastId, ++this.#pts];
      return { _: "updateShortMessage", id, userId, message: TEXT, pts, ptsCount: 1, date: DATE };
    }
    const authors = new Set<Api.user>();
    const updates = Array.from({ length: size }, () => {
      const author = users[this.#lastId % PEOPLE];
      authors.add(author);
      return kind === "private" ? this.#private(author) : this.#inChannel(author);
    });
    const chats = kind === "private" ? [] : [channel];
    return { _: "updates", updates, users: [...authors], chats, date: DATE, seq: 0 };
  }

  #private({ id: userId }: Api.user): Api.Update {
    const peerId: Api.Peer = { _: "peerUser", userId };
    return {
      _: "updateNewMessage",
      message: { _: "message", id: ++this.#lastId, peerId, date: DATE, message: TEXT },
      pts: ++this.#pts,
      ptsCount: 1,
    };
  }

  #inChannel({ id: userId }: Api.user): Api.Update {
    const fromId: Api.Peer = { _: "peerUser", userId };
    const peerId: Api.Peer = { _: "peerChannel", channelId: channel.id };
    return {
      _: "updateNewChannelMessage",
      message: { _: "message", id: ++this.#lastId, fromId, peerId, date: DATE, message: TEXT },
      pts: ++this.#channelPts,
      ptsCount: 1,
    };
  }
}
