/**
 * The updates of GramJS and of teleproto, which has the same code for them: no boxes, and so no
 * decisions. Each update goes to the handlers as it comes.
 */
import { Buffer } from "node:buffer";
import { BinaryReader } from "telegram/extensions/index.js";
import { _handleUpdate } from "telegram/client/updates.js";
import { BinaryReader as TeleprotoReader } from "teleproto/extensions/index.js";
import { _handleUpdate as handleInTeleproto } from "teleproto/client/updates.js";
import { LAYER as TELEPROTO_LAYER } from "teleproto/tl/AllTLObjects.js";
import { LAYER } from "telegram/tl/AllTLObjects.js";
import { fitAnswer, layerSchema } from "../../../src/testing/layers/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { settled } from "../../helpers/fake_clock.ts";
import { factOf, type Host, type Library, type NamedUpdate, type Player } from "./player.ts";

/** An object of these libraries: its class has the name of the constructor, capitalized. */
interface TheirObject {
  readonly className: string;
  readonly [field: string]: unknown;
}

/** What differs between the two. */
interface Kind {
  readonly layer: number;
  readonly read: (bytes: Buffer) => unknown;
  readonly handle: (client: unknown, update: unknown) => void;
}

/** GramJS. */
export const GRAMJS: Library = libraryOf("GramJS", {
  layer: LAYER,
  read: (bytes) => new BinaryReader(bytes).tgReadObject(),
  handle: _handleUpdate as (client: unknown, update: unknown) => void,
});

/** teleproto. */
export const TELEPROTO: Library = libraryOf("teleproto", {
  layer: TELEPROTO_LAYER,
  read: (bytes) => new TeleprotoReader(bytes).tgReadObject(),
  handle: handleInTeleproto as (client: unknown, update: unknown) => void,
});

function libraryOf(name: string, kind: Kind): Library {
  const { layer } = kind;
  return { name, layer, play: (host) => Promise.resolve(new GramJsUpdates(host, kind)) };
}

class GramJsUpdates implements Player {
  readonly #kind: Kind;
  readonly #client: unknown;

  constructor(host: Host, kind: Kind) {
    this.#kind = kind;
    const handler = {
      resolved: true,
      build: (update: unknown) => ({ update }),
      filter: (event: unknown) => event,
    };
    const got = ({ update }: { update: TheirObject }): void => host.got(factOf(named(update)));
    this.#client = {
      _entityCache: { add: () => {} },
      session: { processEntities: () => {} },
      _selfInputPeer: { userId: String(host.start.self.id) },
      _eventBuilders: [[handler, got]],
      _errorHandler: (error: unknown) => Promise.reject(error),
    };
  }

  async receive(packet: Api.Updates): Promise<void> {
    const { layer, read, handle } = this.#kind;
    const bytes = layerSchema(layer).encode(fitAnswer(packet, layer), "Updates");
    handle(this.#client, read(Buffer.from(bytes)));
    await settled();
  }

  /** Nothing is fetched: https://github.com/gram-js/gramjs, client/updates.ts */
  newSession(): void {}

  wait(): void {}

  end(): void {}
}

/** Returns an update by the names of TL. A short one is the message that its events make of it. */
function named(update: TheirObject): NamedUpdate {
  const { className, ...fields } = update;
  if (/^UpdateShort(Chat)?Message$/.test(className)) {
    return { _: "updateNewMessage", message: fields };
  }
  return { ...fields, _: className[0].toLowerCase() + className.slice(1) };
}
