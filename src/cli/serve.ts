/**
 * `serve`: runs the offline Telegram on loopback until interrupted, for any MTProto client.
 */
import { runtimeProcess, systemRandom } from "../runtime/mod.ts";
import { bytesToHex, encodeUtf8 } from "../crypto/mod.ts";
import { MtproxyServer, OfflineTelegram } from "../testing/mod.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import type { CliEnvironment } from "./environment.ts";
import { type ServeInfo, serveInfo } from "./serve_info.ts";
import { DEFAULT_WORLD, readWorld, worldOptions } from "./world.ts";
import { fillWorld } from "./world_events.ts";

/** The domain of an MTProxy that looks like TLS. */
const DISGUISE = "example.org";

function describe(info: ServeInfo, { print }: CliEnvironment): void {
  for (const { id, host, port } of info.dcs) print(`DC ${id}: ${host}:${port}`);
  for (const { id, host, port, path } of info.webSockets) {
    print(`DC ${id} by WebSocket: ws://${host}:${port}${path}`);
  }
  if (info.mtproxy !== undefined) print(`MTProxy: ${info.mtproxy.link}`);
  print(`api id ${info.apiId}, api hash ${info.apiHash}`);
  for (const { phone, code, password } of info.accounts) {
    print(
      `account ${phone}, code ${code}${password === undefined ? "" : `, password ${password}`}`,
    );
  }
  for (const { token } of info.bots) print(`bot ${token}`);
  for (const { kind, title, id, link } of info.groups) {
    print(`${kind} "${title}", id ${id}, ${link}`);
  }
  print(`RSA key ${info.fingerprintHex}:\n${info.publicKeyPem}`);
}

/** The command `serve`. */
export const serve: Command = {
  summary: "run the offline Telegram until interrupted",
  synopsis: "[OPTIONS]",
  usage: [
    "--port N      the TCP port on 127.0.0.1 (any free one by default)",
    "--ws-port N   the WebSocket port (any free one by default)",
    "--dcs LIST    the numbers of its data centers, such as 2,4; the ports are of the first one",
    "--mtproxy [SECRET]  an MTProxy before it; plain, dd and ee make a secret, ee by default",
    "--world FILE  its people, bots, groups and troubles, as JSON: docs/command-line.md",
    "--json        print its description as one line of JSON, for programs",
  ],
  async run(args, environment) {
    const options = readArguments(args, {
      flags: ["json"],
      values: ["port", "ws-port", "dcs", "world", "mtproxy"],
    });
    const path = options.value("world");
    const dcs = readDcs(options.value("dcs"));
    const port = options.port("port");
    const webSocketPort = options.port("ws-port") ?? 0;
    const world = path === undefined ? DEFAULT_WORLD : await readWorld(path);
    await using telegram = await OfflineTelegram.start({
      ...worldOptions(world),
      ...(dcs !== undefined && { dcs }),
      port,
      webSocketPort,
    });
    const secret = readSecret(options.optional("mtproxy"));
    await using mtproxy = secret === undefined ? undefined : await serveMtproxy(telegram, secret);
    const info = {
      ...serveInfo(telegram, world, await fillWorld(telegram, world)),
      ...(mtproxy !== undefined && {
        mtproxy: { ...mtproxy.address, secret: mtproxy.secret, link: mtproxy.link },
      }),
    };
    if (options.flag("json")) environment.print(JSON.stringify(info));
    else describe(info, environment);
    environment.note(`The offline Telegram runs. ${await howToStop(environment)}`);
    await untilAborted(environment.interrupted);
  },
};

/** Returns the secret that an option names; undefined without the option. */
function readSecret(given: string | undefined): string | undefined {
  const key = bytesToHex(systemRandom(16));
  switch (given) {
    case "plain":
      return key;
    case "dd":
      return `dd${key}`;
    case "":
    case "ee":
      return `ee${key}${bytesToHex(encodeUtf8(DISGUISE))}`;
    default:
      return given;
  }
}

async function serveMtproxy(telegram: OfflineTelegram, secret: string): Promise<MtproxyServer> {
  let proxy: MtproxyServer;
  try {
    proxy = new MtproxyServer(telegram, { secret });
  } catch (cause) {
    throw new UsageError(
      'Cannot use "--mtproxy": expected a secret as links have it, or plain, dd or ee',
      { cause },
    );
  }
  await proxy.listen();
  return proxy;
}

function readDcs(given: string | undefined): number[] | undefined {
  if (given === undefined) return undefined;
  const dcs = given.split(",").map(Number);
  if (/^\d{1,4}(,\d{1,4})*$/.test(given) && new Set(dcs).size === dcs.length && !dcs.includes(0)) {
    return dcs;
  }
  throw new UsageError('Cannot use "--dcs": expected different numbers from 1, such as 2,4');
}

/** Ctrl-C reaches a process only if it is in the foreground of a terminal. */
export async function howToStop(
  { ask }: Pick<CliEnvironment, "ask">,
  inBackground: () => Promise<boolean> = isInBackground,
): Promise<string> {
  const pid = runtimeProcess()?.pid;
  const isForeground = ask.size?.() !== undefined && ask.isTyped !== false &&
    !(await inBackground());
  return isForeground || pid === undefined
    ? "Press ctrl-C to stop it."
    : `Stop it with: kill ${pid}`;
}

/** Whether another process group has the terminal, where the system tells. */
async function isInBackground(): Promise<boolean> {
  try {
    const { readFile } = await import("node:fs/promises");
    const stat = await readFile("/proc/self/stat", "utf8");
    const [, , , group, , , owner] = stat.slice(stat.lastIndexOf(")") + 1).split(" ");
    return group !== owner;
  } catch {
    return false;
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
