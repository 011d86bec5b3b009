/**
 * The schema of @mtcute/core in our layer, and the readers and writers that mtcute generates from
 * it: those of the package that `deno task tl` reads. The mtcute that the other tests run is older,
 * as npm cannot install what the newest one depends on.
 */

import type { TlReaderMap, TlWriterMap } from "@mtcute/tl-runtime";
import { publishedPackage, readPublished } from "../../tools/published_schema.ts";

export interface Argument {
  readonly name: string;
  readonly type: string;
  readonly typeModifiers?: {
    readonly predicate?: string;
    readonly isVector?: boolean;
    readonly isBareVector?: boolean;
  };
}

/** A definition: a constructor or a method. */
export interface Entry {
  readonly kind: string;
  readonly name: string;
  readonly id: number;
  readonly type: string;
  readonly arguments: readonly Argument[];
  readonly typeModifiers?: { readonly isVector?: boolean };
}

const LEGACY = new Set(["inputPeerPhotoFileLocationLegacy", "inputStickerSetThumbLegacy"]);

/** Returns the definitions of the API, without those that mtcute invents. */
export function apiEntries({ e }: { readonly e: unknown }): readonly Entry[] {
  return (e as Entry[]).filter(({ name }) => !name.startsWith("mtcute.") && !LEGACY.has(name));
}

export const API_ENTRIES: readonly Entry[] = apiEntries(await readPublished("tl/api-schema.json"));
export const MTPROTO_ENTRIES: readonly Entry[] = await readPublished("tl/mtp-schema.json");

const binary = new URL("tl/binary/", await publishedPackage());
const { __tlReaderMap } = await import(new URL("reader.js", binary).href);
const { __tlWriterMap } = await import(new URL("writer.js", binary).href);

export const readers: TlReaderMap = __tlReaderMap;
export const writers: TlWriterMap = __tlWriterMap;
