/**
 * The description of a running offline Telegram for its clients, in any language: `serve --json`
 * prints it, and `--served FILE` reads it.
 */
import { parseRsaPublicKey } from "../crypto/entry.ts";
import type { OfflineTelegram } from "../testing/mod.ts";
import { shortenPath, UsageError } from "./arguments.ts";
import type { CliEnvironment } from "./environment.ts";
import { DEFAULT_WORLD, type World } from "./world.ts";

/** The description of an offline Telegram for its clients, as `serve --json` prints it. */
export interface ServeInfo {
  /** The data centers, by TCP. */
  readonly dcs: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  /** The first data center, by WebSocket. */
  readonly ws: { readonly host: string; readonly port: number; readonly path: string };
  /** All data centers, by WebSocket. */
  readonly webSockets: readonly {
    readonly id: number;
    readonly host: string;
    readonly port: number;
    readonly path: string;
  }[];
  /** The MTProxy before it, if there is one. */
  readonly mtproxy?: {
    readonly host: string;
    readonly port: number;
    /** As links have it. */
    readonly secret: string;
    readonly link: string;
  };
  /** The RSA key of its data centers, as PKCS#1. */
  readonly publicKeyPem: string;
  /** The fingerprint of that key, as in TL: a signed 64-bit number. */
  readonly fingerprint: string;
  /** The same fingerprint, unsigned, in hexadecimal. */
  readonly fingerprintHex: string;
  /** The api id that it accepts. */
  readonly apiId: number;
  /** The hash of that api id. */
  readonly apiHash: string;
  /** Its people. */
  readonly accounts: readonly {
    readonly id: number;
    readonly phone: string;
    readonly code: string;
    readonly password?: string;
  }[];
  /** Its bots. */
  readonly bots: readonly { readonly id: number; readonly token: string }[];
  /** Its groups and channels. */
  readonly groups: readonly ServedGroup[];
}

/** A group or channel, for clients. */
export interface ServedGroup {
  /** Its id, as in TL. */
  readonly id: number;
  /** `"group"`, `"supergroup"` or `"channel"`. */
  readonly kind: string;
  /** Its title. */
  readonly title: string;
  /** Its public name, without the `@`, if it has one. */
  readonly username?: string;
  /** A link by which others join. */
  readonly link: string;
}

/** The usage of the option for a running offline Telegram. */
export const SERVED_USAGE =
  "--served FILE use a running offline Telegram: a file with the output of serve --json";

/** Reads the options of a client from a file with the output of `serve --json`. */
export async function readServed(
  path: string,
): Promise<NonNullable<CliEnvironment["clientOptions"]>> {
  const { readFile } = await import("node:fs/promises");
  try {
    const { apiId, apiHash, dcs, publicKeyPem }: ServeInfo = JSON.parse(
      await readFile(path, "utf8"),
    );
    return { apiId, apiHash, dcs, keys: [parseRsaPublicKey(publicKeyPem)] };
  } catch (cause) {
    throw new UsageError(
      `Cannot read "${shortenPath(path)}": expected a file with the output of serve --json`,
      { cause },
    );
  }
}

/** Returns the description of an offline Telegram that listens. */
export function serveInfo(
  telegram: OfflineTelegram,
  { accounts, bots }: Pick<World, "accounts" | "bots"> = DEFAULT_WORLD,
  groups: readonly ServedGroup[] = [],
): ServeInfo {
  const { dcs, publicKeyPem, apiId, apiHash, keys: [key], webSockets } = telegram;
  const [{ host, port, path }] = webSockets;
  return {
    dcs,
    ws: { host, port, path },
    webSockets,
    publicKeyPem,
    fingerprint: String(key.fingerprint),
    fingerprintHex: BigInt.asUintN(64, key.fingerprint).toString(16).padStart(16, "0"),
    apiId,
    apiHash,
    accounts: accounts.map(({ phone, code, password }) => ({
      id: Number(telegram.api.userId(phone)),
      phone,
      code: String(code),
      ...(password !== undefined && { password }),
    })),
    bots: bots.map(({ token }) => ({ id: Number(token.split(":")[0]), token })),
    groups,
  };
}
