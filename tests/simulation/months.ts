/**
 * A client that lives for days of virtual time: each minute it makes a call and takes a message of
 * another account, while connections are cut, salts and keys change and servers restart. Run as a
 * program, it prints the size of the heap after each part of that time.
 */
import { Client, StoreSession } from "../../mod.ts";
import { writeStateText } from "../../src/session/state/state_text.ts";
import { OfflineTelegram, type OfflineTelegramOptions } from "../../src/testing/mod.ts";
import { type Api, API_LAYER } from "../../src/tl/mod.ts";
import { Network } from "./network.ts";
import { RandomStream } from "./random_stream.ts";
import { ProcessClock, VirtualTime } from "./virtual_time.ts";

/** What became of the calls and messages. */
export interface Life {
  readonly calls: number;
  readonly failures: readonly string[];
  /** The messages that were sent to the account. */
  readonly sent: number;
  readonly missed: number;
  readonly takenTwice: number;
  /** The messages that came after a later one. */
  readonly outOfOrder: number;
  /** The gaps that the client told of, and what ended its updates. */
  readonly losses: readonly string[];
  /** How often each trouble was made. */
  readonly troubles: Readonly<Record<string, number>>;
  /** Bytes of the heap after each part of the time; empty where the collector cannot be run. */
  readonly heaps: readonly number[];
}

/** What the program prints. */
export interface Report {
  readonly life: Life;
  /** The heaps of servers that keep as many messages, without a client. */
  readonly heapsOfServers: readonly number[];
}

const MINUTE = 60_000;
const ADA = "+9996621111";
const BOB = "+9996622222";
/** Minutes between two troubles of a kind. They have no common factor. */
const EVERY = { reset: 47, silence: 131, salts: 211, restart: 307, key: 499 };

/** Makes servers with two accounts. */
function serversOf(time: VirtualTime, options: OfflineTelegramOptions = {}): OfflineTelegram {
  return new OfflineTelegram({
    accounts: [{ phone: ADA, username: "ada_lovelace" }, { phone: BOB }],
    bots: [],
    clock: new ProcessClock(time, 300),
    random: new RandomStream(1, "server").bytes,
    ...options,
  });
}

/** Returns a function that lets Bob write to Ada. */
function writerTo({ api }: OfflineTelegram): (minute: number) => void {
  const username = "ada_lovelace";
  const found = api.act(BOB, { _: "contacts.resolveUsername", username });
  const [{ id: userId, accessHash = 0n }] = (found as { users: [Api.user] }).users;
  const peer = { _: "inputPeerUser", userId, accessHash };
  return (minute) => {
    const random = { randomId: BigInt(minute), message: `${minute}` };
    api.act(BOB, { _: "messages.sendMessage", peer, ...random });
  };
}

/** Lives for so many minutes, in so many parts. */
export async function live(minutes: number, parts = 4): Promise<Life> {
  const time = new VirtualTime();
  const signedIn = new Set<string>();
  const telegram = serversOf(time, {
    onMessage: ({ authKeyId, dcId, sessionId }) => {
      if (signedIn.has(authKeyId)) return;
      signedIn.add(authKeyId);
      telegram.api.signIn(ADA, { authKeyId, dcId, sessionId, layer: API_LAYER });
    },
  });
  const network = new Network({
    time,
    random: new RandomStream(1, "network"),
    latency: 40,
    jitter: 30,
    serve: (dcId, stream) => void telegram.dc(dcId).serve(stream),
    onFault: () => {},
    onEvent: () => {},
    onDial: (program, dcId) => ({ program, dcId, at: time.now, isAnswered: false }),
  });
  const user = { id: telegram.api.userId(ADA) ?? 0n, isBot: false };
  const texts = new Map([["ada:session", writeStateText({ dcId: 2, dcs: [], user })]]);
  const store = {
    get: (key: string) => texts.get(key),
    set: (key: string, value: string) => void texts.set(key, value),
    delete: (key: string) => void texts.delete(key),
  };
  const client = new Client(new StoreSession("ada", store), telegram.apiId, telegram.apiHash, {
    dcs: telegram.dcs,
    keys: telegram.keys,
    dial: network.dialOf({ number: 1, isAlive: true, sleepsUntil: 0 }),
    clock: new ProcessClock(time),
    random: new RandomStream(1, "client").bytes,
  });
  const waiting = new Set<number>();
  const losses: string[] = [];
  let takenTwice = 0;
  let outOfOrder = 0;
  const take = async (): Promise<void> => {
    let last = 0;
    for await (const update of client.updates()) {
      if (update.kind === "gap") losses.push(`a gap: ${update.gap.reason}`);
      if (update.kind !== "message") continue;
      const minute = Number(update.message.text);
      if (!waiting.delete(minute)) takenTwice++;
      if (minute < last) outOfOrder++;
      last = minute;
    }
  };
  take().catch((error: Error) => losses.push(error.message));
  const write = writerTo(telegram);
  const failures: string[] = [];
  const heaps: number[] = [];
  const troubles = { reset: 0, silence: 0, salts: 0, restart: 0, key: 0 };
  // The first state of the account is where its updates begin.
  await time.runUntil(MINUTE / 2);
  for (let minute = 1; minute <= minutes; minute++) {
    const isDue = (trouble: keyof typeof EVERY): boolean => {
      if (minute % EVERY[trouble] !== 0) return false;
      troubles[trouble]++;
      return true;
    };
    const trouble = { at: 0, where: 2 } as const;
    if (isDue("reset")) network.make({ ...trouble, kind: "reset" });
    if (isDue("silence")) network.make({ ...trouble, kind: "halfOpen" });
    if (isDue("salts")) telegram.dc().expireSalts();
    if (isDue("restart")) {
      telegram.dc().forgetSessions();
      telegram.dc().disconnectAll();
    }
    if (isDue("key")) telegram.dc().forgetKeys();
    waiting.add(minute);
    write(minute);
    client.invoke({ _: "help.getNearestDc" }).catch((error) => failures.push(error.message));
    await time.runUntil(minute * MINUTE + MINUTE / 2);
    if (minute % Math.floor(minutes / parts) === 0) heaps.push(...heapSize());
  }
  await time.runUntil((minutes + 5) * MINUTE);
  let isOver = false;
  client.disconnect().finally(() => isOver = true);
  await time.runUntil((minutes + 6) * MINUTE, () => isOver);
  const missed = waiting.size;
  const counts = { calls: minutes, sent: minutes, missed, takenTwice, outOfOrder };
  return { ...counts, failures, losses, troubles, heaps };
}

/** The heaps of servers without a client, which keep as many messages and devices. */
function heapsOfServers(minutes: number, parts: number): number[] {
  const telegram = serversOf(new VirtualTime());
  const write = writerTo(telegram);
  const heaps: number[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    write(minute);
    if (minute % EVERY.key === 0) {
      const key = { authKeyId: minute.toString(16).padStart(16, "0"), sessionId: BigInt(minute) };
      telegram.api.signIn(ADA, { ...key, dcId: 2, layer: API_LAYER });
    }
    if (minute % Math.floor(minutes / parts) === 0) heaps.push(...heapSize());
  }
  return heaps;
}

function heapSize(): number[] {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (gc === undefined) return [];
  gc();
  return [Deno.memoryUsage().heapUsed];
}

if (import.meta.main) {
  const [minutes, parts] = Deno.args.map(Number);
  const life = await live(minutes, parts);
  const report: Report = { life, heapsOfServers: heapsOfServers(minutes, parts) };
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(report)));
}
