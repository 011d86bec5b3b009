/**
 * The updates manager of mtcute, unmodified, with a client around it that only has what the manager
 * asks of a client. It reads and writes TL by mtcute's own code.
 */
import { tl, UpdatesManager } from "@mtcute/core";
import { TlBinaryReader, TlBinaryWriter } from "@mtcute/tl-runtime";
import { RpcFailure } from "../../../src/testing/mod.ts";
import { type Api, apiSchema, type TlObject } from "../../../src/tl/mod.ts";
import { settled } from "../../helpers/fake_clock.ts";
import { readers, writers } from "../../helpers/mtcute_schema.ts";
import { FakeTimers } from "./fake_timers.ts";
import { factOf, type Host, type Library, type NamedUpdate, type Player } from "./player.ts";

/** The updates manager of mtcute. */
export const MTCUTE: Library = {
  name: "mtcute",
  layer: apiSchema().layer ?? 0,
  async play(host) {
    const player = new MtcuteUpdates(host);
    await player.begin();
    return player;
  },
};

interface MtcutePeer {
  readonly _: string;
  readonly id: number;
  readonly min?: boolean;
  readonly accessHash?: unknown;
}

const nothing = (): void => {};
const LOG = { debug: nothing, info: nothing, warn: nothing, error: nothing, create: () => LOG };

class MtcuteUpdates implements Player {
  readonly #host: Host;
  readonly #timers = new FakeTimers();
  readonly #manager: UpdatesManager;
  /** The users and chats that are known in full, by their marked ids. */
  readonly #peers = new Map<number, MtcutePeer>();
  #onUpdate: (update: unknown) => void = nothing;
  /** The calls without an answer. */
  #calls = 0;

  constructor(host: Host) {
    this.#host = host;
    const client = this.#client();
    this.#manager = new UpdatesManager(
      client as ConstructorParameters<typeof UpdatesManager>[0],
      { catchUp: true },
    );
  }

  async begin(): Promise<void> {
    const { users, chats, state } = this.#host.start;
    this.#see(toMtcute({ _: "contacts.resolvedPeer", peer: PEER, users, chats }));
    await this.#manager.prepare();
    for (const [id, { pts }] of state.channels) this.#manager.cpts.set(Number(id), pts);
    await this.#manager.startLoop();
    await this.#rest();
  }

  async receive(packet: Api.Updates): Promise<void> {
    this.#onUpdate(toMtcute(packet));
    await this.#rest();
  }

  /** The connection of mtcute tells the manager so. */
  async newSession(): Promise<void> {
    this.#onUpdate({ _: "updatesTooLong" });
    await this.#rest();
  }

  async wait(ms: number): Promise<void> {
    await this.#timers.advance(ms, () => this.#rest());
  }

  end(): void {
    this.#manager.destroy();
    this.#timers[Symbol.dispose]();
  }

  /** Waits until nothing can go on. */
  async #rest(): Promise<void> {
    do await settled(); while (this.#calls > 0);
    await settled();
  }

  #client(): unknown {
    const { self, state } = this.#host.start;
    const known = { userId: Number(self.id), isBot: self.isBot };
    return {
      params: {},
      log: LOG,
      isConnected: true,
      call: async (request: { _: string }) => {
        this.#calls++;
        await settled(); // no answer comes in the same turn
        try {
          return this.#call(request);
        } finally {
          this.#calls--;
        }
      },
      onServerUpdate: {
        add: (listener: (update: unknown) => void) => void (this.#onUpdate = listener),
        remove: nothing,
      },
      onError: {
        emit: (error: unknown) => {
          throw error;
        },
      },
      onRawUpdate: {
        emit: ({ update }: { update: NamedUpdate }) => this.#host.got(factOf(update)),
      },
      mt: { storage: { save: nothing }, network: { getPoolSize: () => 1 } },
      storage: {
        self: { getCached: () => known },
        refMsgs: { store: nothing, delete: nothing },
        updates: {
          getState: () => [state.pts, state.qts, state.date, state.seq],
          getChannelPts: nothing,
          setManyChannelPts: nothing,
          setPts: nothing,
          setQts: nothing,
          setDate: nothing,
          setSeq: nothing,
        },
        peers: {
          updatePeersFrom: (object: unknown) => this.#see(object),
          getCompleteById: (id: number) => this.#peers.get(id) ?? null,
          getById: (id: number) => inputPeer(this.#peers.get(id)),
        },
      },
    };
  }

  #call(request: { readonly _: string }): unknown {
    const ours = apiSchema().decode(TlBinaryWriter.serializeObject(writers, request)) as TlObject;
    try {
      const answer = toMtcute(this.#host.ask(ours) as TlObject);
      this.#see(answer);
      return answer;
    } catch (error) {
      if (!(error instanceof RpcFailure)) throw error;
      const { code: errorCode, errorMessage } = error;
      throw tl.RpcError.fromTl({ _: "mt_rpc_error", errorCode, errorMessage });
    }
  }

  #see(object: unknown): void {
    const { users = [], chats = [] } = object as Record<"users" | "chats", readonly MtcutePeer[]>;
    for (const peer of [...users, ...chats]) if (!peer.min) this.#peers.set(markedId(peer), peer);
  }
}

const PEER: Api.Peer = { _: "peerUser", userId: 1n };

function markedId({ _, id }: MtcutePeer): number {
  return _ === "user" ? id : _.startsWith("channel") ? -1_000_000_000_000 - id : -id;
}

function inputPeer(peer: MtcutePeer | undefined): unknown {
  if (peer === undefined) return null;
  const { _, id, accessHash } = peer;
  if (_ === "user") return { _: "inputPeerUser", userId: id, accessHash };
  if (_ === "channel") return { _: "inputPeerChannel", channelId: id, accessHash };
  return { _: "inputPeerChat", chatId: id };
}

function toMtcute(object: TlObject): unknown {
  return TlBinaryReader.deserializeObject(readers, apiSchema().encode(object));
}
