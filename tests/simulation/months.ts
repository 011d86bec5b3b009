/**
 * A client that lives for days of virtual time: a call and an update each minute, while connections
 * are cut, salts and keys change and servers restart. Run as a program, it prints the size of the
 * heap after each part of that time.
 */
import { Client, StringSession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { API_LAYER } from "../../src/tl/mod.ts";
import "../helpers/remembered_powers.ts";
import { Network } from "./network.ts";
import { RandomStream } from "./random_stream.ts";
import { ProcessClock, VirtualTime } from "./virtual_time.ts";

/** What became of the calls and updates. */
export interface Life {
  readonly calls: number;
  readonly failures: readonly string[];
  readonly updates: number;
  /** The updates that were not heard, though nothing told the client that it missed some. */
  readonly missed: number;
  readonly heardTwice: number;
  /** Bytes of the heap after each part of the time; empty where the collector cannot be run. */
  readonly heaps: readonly number[];
}

const MINUTE = 60_000;
const PHONE = "+9996621111";
/** Minutes between two troubles of a kind. They have no common factor. */
const EVERY = { reset: 47, silence: 131, salts: 211, restart: 613, key: 5003 };

/** Lives for so many minutes, in so many parts. */
export async function live(minutes: number, parts = 4): Promise<Life> {
  const time = new VirtualTime();
  const clock = new ProcessClock(time);
  const signedIn = new Set<string>();
  let keyId = "";
  const telegram = new OfflineTelegram({
    accounts: [{ phone: PHONE }],
    clock: new ProcessClock(time, 300),
    random: new RandomStream(1, "server").bytes,
    onMessage: ({ authKeyId, dcId, sessionId }) => {
      keyId = authKeyId;
      if (signedIn.has(authKeyId)) return;
      signedIn.add(authKeyId);
      telegram.api.signIn(PHONE, { authKeyId, dcId, sessionId, layer: API_LAYER });
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
  const waiting = new Set<number>();
  let heardTwice = 0;
  const client = new Client(new StringSession(), telegram.apiId, telegram.apiHash, {
    dcs: telegram.dcs,
    keys: telegram.keys,
    dial: network.dialOf({ number: 1, isAlive: true, sleepsUntil: 0 }),
    clock,
    random: new RandomStream(1, "client").bytes,
    connectionRetries: Infinity,
    onUpdates: (updates) => {
      if (updates._ === "updatesTooLong") waiting.clear();
      if (updates._ !== "updateShort" || updates.update._ !== "updateUserTyping") return;
      if (!waiting.delete(Number(updates.update.userId))) heardTwice++;
    },
  });
  const failures: string[] = [];
  const heaps: number[] = [];
  let calls = 0;
  let isExcused = false;
  for (let minute = 1; minute <= minutes; minute++) {
    const isDue = (every: number): boolean => minute % every === 0;
    const trouble = { at: 0, where: 2 } as const;
    if (isDue(EVERY.reset)) network.make({ ...trouble, kind: "reset" });
    if (isDue(EVERY.silence)) network.make({ ...trouble, kind: "halfOpen" });
    if (isDue(EVERY.salts)) telegram.dc().expireSalts();
    if (isDue(EVERY.restart)) {
      telegram.dc().forgetSessions();
      telegram.dc().disconnectAll();
    }
    if (isDue(EVERY.key)) telegram.dc().forgetKeys();
    // An update is for a session that exists: it is lost between a restart and the next call.
    isExcused = isDue(EVERY.restart) || isDue(EVERY.key) || minute === 1;
    if (!isExcused) {
      waiting.add(minute);
      const update = {
        _: "updateUserTyping",
        userId: BigInt(minute),
        action: { _: "sendMessageTypingAction" },
      };
      telegram.dc().push(keyId, { _: "updateShort", update, date: 1_750_000_000 });
    }
    calls++;
    client.invoke({ _: "help.getNearestDc" }).catch((error) => failures.push(error.message));
    await time.runUntil(minute * MINUTE);
    if (minute % Math.floor(minutes / parts) === 0) heaps.push(...heapSize());
  }
  await time.runUntil((minutes + 5) * MINUTE);
  let isOver = false;
  client.disconnect().finally(() => isOver = true);
  await time.runUntil((minutes + 6) * MINUTE, () => isOver);
  const missed = waiting.size;
  return { calls, failures, updates: minutes, missed, heardTwice, heaps };
}

function heapSize(): number[] {
  const { gc } = globalThis as { readonly gc?: () => void };
  if (gc === undefined) return [];
  gc();
  return [Deno.memoryUsage().heapUsed];
}

if (import.meta.main) {
  const life = await live(Number(Deno.args[0]), 6);
  await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(life)));
}
