/**
 * What a client that exchanges files is told: it downloads the files whose captions begin with
 * `ours`, and sends the same files again, with captions that begin with `theirs`.
 */
import process from "node:process";
import type { Target } from "./target.ts";

/** A file to send. */
export interface ExchangedFile {
  /** The end of its captions, and its name. */
  readonly name: string;
  readonly path: string;
  readonly as: "document" | "photo";
}

/** What the process is told. */
export interface FileTarget extends Target {
  readonly files: readonly ExchangedFile[];
  /** The photos of an album. */
  readonly album: readonly ExchangedFile[];
  /** Where it puts what it downloads, by the names. */
  readonly folder: string;
}

const OURS = "ours ";

/** Reads what the process is told. */
export function readFileTarget(): FileTarget {
  return JSON.parse(process.argv[2]) as FileTarget;
}

/** Returns where a downloaded file goes, by its caption; undefined if it is none of ours. */
export function placeOf({ folder }: FileTarget, caption: string): string | undefined {
  return caption.startsWith(OURS) ? `${folder}/${caption.slice(OURS.length)}` : undefined;
}

/** Returns the caption of a file that this process sends. */
export function captionOf({ name }: ExchangedFile): string {
  return `theirs ${name}`;
}

/** Says that all is done, and ends the process. */
export function endExchange(): void {
  process.stdout.write("[]\n", () => process.exit(0));
}
