/**
 * `serve`: runs the offline Telegram on loopback until interrupted, for any MTProto client.
 */
import { parseRsaPublicKey } from "../crypto/mod.ts";
import { OfflineTelegram, TEST_ACCOUNTS, TEST_BOTS } from "../testing/mod.ts";
import { readArguments, shortenPath, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { CliEnvironment } from "./environment.ts";

/** The description of an offline Telegram for its clients, as `serve --json` prints it. */
export interface ServeInfo {
  /** The data centers, by TCP. */
  readonly dcs: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  /** The first data center, by WebSocket. */
  readonly ws: { readonly host: string; readonly port: number; readonly path: string };
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
    readonly phone: string;
    readonly code: string;
    readonly password?: string;
  }[];
  /** Its bots. */
  readonly bots: readonly { readonly token: string }[];
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
export function serveInfo(telegram: OfflineTelegram): ServeInfo {
  const { dcs, publicKeyPem, apiId, apiHash, keys: [key], webSockets: [{ host, port, path }] } =
    telegram;
  return {
    dcs,
    ws: { host, port, path },
    publicKeyPem,
    fingerprint: String(key.fingerprint),
    fingerprintHex: BigInt.asUintN(64, key.fingerprint).toString(16).padStart(16, "0"),
    apiId,
    apiHash,
    accounts: TEST_ACCOUNTS.map(({ phone, code, password }) => ({
      phone,
      code: String(code),
      ...(password !== undefined && { password }),
    })),
    bots: TEST_BOTS.map(({ token }) => ({ token })),
  };
}

function describe(info: ServeInfo, { print }: CliEnvironment): void {
  for (const { id, host, port } of info.dcs) print(`DC ${id}: ${host}:${port}`);
  print(`WebSocket: ws://${info.ws.host}:${info.ws.port}${info.ws.path}`);
  print(`api id ${info.apiId}, api hash ${info.apiHash}`);
  for (const { phone, code, password } of info.accounts) {
    print(
      `account ${phone}, code ${code}${password === undefined ? "" : `, password ${password}`}`,
    );
  }
  for (const { token } of info.bots) print(`bot ${token}`);
  print(`RSA key ${info.fingerprintHex}:\n${info.publicKeyPem}`);
}

/** The command `serve`. */
export const serve: Command = {
  summary: "run the offline Telegram until interrupted",
  usage: [
    "--port N      the TCP port on 127.0.0.1 (any free one by default)",
    "--ws-port N   the WebSocket port (any free one by default)",
    "--json        print its description as one line of JSON, for programs",
  ],
  async run(args, environment) {
    const options = readArguments(args, { flags: ["json"], values: ["port", "ws-port"] });
    await using telegram = await OfflineTelegram.start({
      port: options.port("port"),
      webSocketPort: options.port("ws-port") ?? 0,
    });
    const info = serveInfo(telegram);
    if (options.flag("json")) environment.print(JSON.stringify(info));
    else describe(info, environment);
    environment.note("The offline Telegram runs. Press ctrl-C to stop it.");
    await untilAborted(environment.interrupted);
  },
};

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
