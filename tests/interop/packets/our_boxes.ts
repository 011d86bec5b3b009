/** Our message boxes, driven as the client drives them, in time by hand. */
import { peerId } from "../../../src/messages/chats/mod.ts";
import { channelPeerId } from "../../../src/session/mod.ts";
import { SeenObjects } from "../../../src/client/updates/seen_objects.ts";
import { RpcFailure } from "../../../src/testing/mod.ts";
import { type Api, apiSchema, type TlObject } from "../../../src/tl/mod.ts";
import {
  type Delivery,
  MessageBoxes,
  NO_ACCESS_HASH,
  type Want,
  type WantFailure,
} from "../../../src/updates/mod.ts";
import { factOf, type Host, type Library, type NamedUpdate, type Player } from "./player.ts";

const STEP = 50;

/** Our message boxes. */
export const OURS: Library = {
  name: "tessera",
  layer: apiSchema().layer ?? 0,
  play(host) {
    const player = new OurBoxes(host);
    player.work();
    return Promise.resolve(player);
  },
};

class OurBoxes implements Player {
  readonly #host: Host;
  readonly #boxes: MessageBoxes;
  readonly #seen = new SeenObjects();
  #now = 0;

  constructor(host: Host) {
    this.#host = host;
    const { self, state, users, chats } = host.start;
    this.#boxes = new MessageBoxes({ self, state });
    this.#seen.see(users, chats);
  }

  receive(packet: Api.Updates): void {
    this.#seen.seeAnswer(packet);
    const knows = (peer: Api.Peer): boolean => this.#seen.get(peerId(peer)) !== undefined;
    this.#handOn(this.#boxes.receive(packet, this.#now, { knows }));
    this.work();
  }

  newSession(): void {
    this.#boxes.invalidate(this.#now);
    this.work();
  }

  wait(ms: number): void {
    for (let left = ms; left > 0; left -= STEP) {
      this.#now += Math.min(left, STEP);
      this.work();
    }
  }

  end(): void {}

  /** Makes the requests that the boxes want now. */
  work(): void {
    for (;;) {
      const want = this.#boxes.want(this.#now);
      if (want === undefined || want.kind === "wait") return;
      const answer = this.#ask(want);
      if ("failure" in answer) {
        this.#handOn(this.#boxes.fail(want, answer.failure, this.#now));
      } else {
        this.#seen.seeAnswer(answer.value);
        this.#handOn(this.#boxes.answer(want, answer.value, this.#now));
      }
    }
  }

  #ask(
    want: Exclude<Want, { kind: "wait" }>,
  ): { failure: WantFailure } | { value: Parameters<MessageBoxes["answer"]>[1] } {
    let request: TlObject = want.kind === "getChannelDifference" ? { _: "" } : want.request;
    if (want.kind === "getChannelDifference") {
      const { channelId, pts, limit, force } = want;
      const known = this.#seen.get(channelPeerId(channelId));
      const accessHash = known?._ === "channel" ? known.accessHash : undefined;
      const isBot = this.#host.start.self.isBot;
      if (accessHash === undefined && !isBot) return { failure: { text: NO_ACCESS_HASH } };
      request = {
        _: "updates.getChannelDifference",
        channel: { _: "inputChannel", channelId, accessHash: accessHash ?? 0n },
        filter: { _: "channelMessagesFilterEmpty" },
        pts,
        limit,
        force,
      };
    }
    try {
      return { value: this.#host.ask(request) as Parameters<MessageBoxes["answer"]>[1] };
    } catch (error) {
      if (!(error instanceof RpcFailure)) throw error;
      return { failure: { code: error.code, text: error.errorMessage } };
    }
  }

  #handOn(deliveries: readonly Delivery[]): void {
    for (const { update } of deliveries) {
      if (update._ !== "gap") this.#host.got(factOf(update as unknown as NamedUpdate));
      else {
        const { channelId, reason } = update;
        this.#host.got({ kind: `gap: ${reason}`, ...(channelId && { channelId: `${channelId}` }) });
      }
    }
  }
}
