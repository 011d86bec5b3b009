/**
 * The client of the soak, in a process of its own: Deno, or Node with the npm package. It calls,
 * listens, and prints a line of JSON for each thing that happens, so that its memory holds nothing
 * of the past. ledger.ts reads the lines. An unhandled rejection ends the process, and the process
 * must end by itself.
 */
import { Client, StringSession } from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
import type { SoakEvent, SoakSetting } from "./soak_event.ts";

const { process, gc } = globalThis as unknown as {
  process: { argv: string[]; memoryUsage(): { heapUsed: number; rss: number } };
  gc: () => void;
};
const setting: SoakSetting = JSON.parse(process.argv[2]);
const OTHER = /^other (\d+)$/;
const LAST_UPDATES_COME_IN = 10_000; // ms

const begin = performance.now();
const client = new Client(new StringSession(setting.session), setting.apiId, setting.apiHash, {
  dcs: setting.dcs,
  keys: [parseRsaPublicKey(setting.publicKeyPem)],
  retryDelay: 50,
  timeout: 2,
});

function tell(event: SoakEvent): void {
  // deno-lint-ignore no-console
  console.log(JSON.stringify(event));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

client.on("message", ({ text }) => {
  const number = OTHER.exec(text)?.[1];
  if (number !== undefined) tell({ type: "update", numbers: [Number(number)] });
});
client.on("gap", () => tell({ type: "gap" }));

let underWay = 0;
let lastNumber = -1;

/** Makes a call, and tells what became of it. */
async function call(
  what: string,
  make: () => Promise<unknown>,
  { number, turn }: { number?: number; turn?: number } = {},
): Promise<void> {
  const start = performance.now();
  underWay++;
  tell({ type: "call", what, number, turn });
  let error: Error | undefined;
  try {
    await make();
  } catch (reason) {
    error = reason as Error;
  }
  underWay--;
  const ms = Math.round(performance.now() - start);
  tell({
    type: "settled",
    what,
    number,
    ms,
    error: error && `${error.name}: ${error.message}`,
  });
}

/** Makes one of the calls; now and then three messages in one turn. */
function callSomething(): void {
  const choice = Math.random();
  if (choice < 0.6) {
    const turn = lastNumber + 1;
    for (let left = choice < 0.1 ? 3 : 1; left > 0; left--) {
      const number = ++lastNumber;
      const send = () => client.sendMessage("me", `own ${number}`);
      void call("sendMessage", send, { number, turn });
    }
  } else if (choice < 0.8) void call("getMe", () => client.getMe());
  else void call("getConfig", () => client.invoke({ _: "help.getConfig" }));
}

function measure(): void {
  gc();
  gc();
  const { heapUsed: heap, rss } = process.memoryUsage();
  tell({ type: "memory", at: Math.round(performance.now() - begin), heap, rss });
}

client.on("status", (status) => {
  const reason = "reason" in status ? status.reason?.message : undefined;
  tell({ type: "status", state: status.state, reason });
});
await client.connect();
await client.invoke({ _: "updates.getState" });
tell({ type: "ready" });

let measured = performance.now();
while (performance.now() - begin < setting.duration) {
  callSomething();
  await sleep(50 + 150 * Math.random());
  if (performance.now() - measured < setting.measureEvery) continue;
  measured = performance.now();
  measure();
}
tell({ type: "stopped" });

// The network is good now: all that waits settles, and the last updates come.
const stopped = performance.now();
for (let passed = 0; passed < setting.patience; passed = performance.now() - stopped) {
  if (underWay === 0 && passed > LAST_UPDATES_COME_IN) break;
  await call("getMe", () => client.getMe());
  await sleep(500);
}
measure();
tell({ type: "end", underWay, status: client.status.state });
await client.disconnect();
tell({ type: "disconnected" });
