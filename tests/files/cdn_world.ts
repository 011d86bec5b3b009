/**
 * A person whose file a CDN gives out, and a CDN that may lie. https://core.telegram.org/cdn
 */
import type { ClientOptions, Message } from "../../mod.ts";
import { type OfflineTelegramOptions, RpcFailure } from "../../src/testing/mod.ts";
import type { Api, TlObject } from "../../src/tl/mod.ts";
import { assert } from "../helpers/assert.ts";
import { bytesOf, someBytes } from "./bytes.ts";
import { FilesWorld } from "./files_world.ts";

export const CDN = 203;
const KIB = 1024;

/** A world with a file at a CDN. */
export interface CdnWorld extends AsyncDisposable {
  readonly world: FilesWorld;
  readonly message: Message;
  readonly bytes: Uint8Array;
  /** The id of the file. */
  readonly id: bigint;
  /** Downloads the file, or a range of it. */
  read(offset?: number, length?: number): Promise<Uint8Array>;
}

/** Opens a world in which the person has a file of so many bytes, which the CDN gives out. */
export async function cdnWorld(
  size = 3 * KIB * KIB + 17,
  options: OfflineTelegramOptions = {},
  clientOptions: ClientOptions = {},
): Promise<CdnWorld> {
  const bytes = someBytes(size);
  const world = await FilesWorld.open({ cdn: CDN, ...options }, clientOptions);
  const { client, telegram } = world;
  const message = await world.run(client.sendFile("me", telegram.api.addFile({ bytes })));
  const { media } = message;
  assert(media?._ === "messageMediaDocument" && media.document?._ === "document");
  const { id } = media.document;
  telegram.api.serveByCdn(id);
  return {
    world,
    message,
    bytes,
    id,
    read: (offset, length) => {
      const range = { ...(offset !== undefined && { offset }), ...(length && { length }) };
      return world.run(bytesOf(client.download(message, range)));
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

/** Answers a call as the offline Telegram does; then `change` may change the answer. */
export function changing<T extends TlObject>(
  { world }: CdnWorld,
  method: string,
  change: (answer: T, request: TlObject, nth: number) => unknown,
): void {
  const { api } = world.telegram;
  const handle = api.handle.bind(api);
  let nth = 0;
  api.handle = (request, caller) => {
    const answer = handle(request, caller);
    return request._ === method ? change(answer as T, request, ++nth) : answer;
  };
}

/** Refuses a call. */
export function refuse(code: number, message: string): never {
  throw new RpcFailure(code, message);
}

/** The calls at the CDN. */
export function callsAtCdn({ world }: CdnWorld): TlObject[] {
  return world.calls.filter(({ caller }) => caller.dcId === CDN).map(({ request }) => request);
}

/** Changes the bytes of each `upload.cdnFile`, from the `first` one on. */
export function changingBytes(
  cdn: CdnWorld,
  change: (bytes: Uint8Array) => Uint8Array,
  first = 1,
): void {
  let nth = 0;
  changing<Api.upload.CdnFile>(cdn, "upload.getCdnFile", (answer) => {
    if (answer._ !== "upload.cdnFile" || ++nth < first) return answer;
    return { ...answer, bytes: change(answer.bytes.slice()) };
  });
}

/** Reads a stream until it fails. Returns the bytes before, and the error. */
export async function untilFailure(
  stream: ReadableStream<Uint8Array>,
): Promise<{ readonly bytes: number; readonly error: unknown }> {
  let bytes = 0;
  try {
    for await (const part of stream) bytes += part.length;
  } catch (error) {
    return { bytes, error };
  }
  throw new Error("Cannot go on: the stream did not fail");
}
