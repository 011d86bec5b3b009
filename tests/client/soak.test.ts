/**
 * What a client keeps must not grow with what it has done. The heap is measured in a process of its
 * own, after the collector ran. The first rounds fill all that is bounded, such as the memory of
 * received msg_ids: what has no bound grows in every one after them.
 */
import { assert } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { runDeno } from "../helpers/processes.ts";

/**
 * Work that is done so many times in a round, so many at once; bytes, less than the smallest thing
 * that it could leave behind.
 */
interface Work {
  readonly what: string;
  readonly code: string;
  readonly times: number;
  readonly atOnce: number;
  readonly leaves: number;
}

const CALLS = { times: 15_000, atOnce: 100, leaves: 16 };

const WORKS: readonly Work[] = [
  { ...CALLS, what: "calls", code: `await client.invoke({ _: "help.getNearestDc" });` },
  {
    ...CALLS,
    what: "calls that are refused",
    code: `
      const _ = "auth.importBotAuthorization";
      const refused = { _, flags: 0, apiId: 1, apiHash: "", botAuthToken: "" };
      await client.invoke(refused).catch(() => {});`,
  },
  {
    ...CALLS,
    what: "calls that are given up",
    code: `
      const giveUp = new AbortController();
      const call = client.invoke({ _: "help.getNearestDc" }, { signal: giveUp.signal });
      queueMicrotask(() => giveUp.abort());
      await call.catch(() => {});`,
  },
  {
    ...CALLS,
    what: "calls with a signal that lasts",
    code: `await client.invoke({ _: "help.getNearestDc" }, { signal: lasting });`,
  },
  {
    what: "lost connections",
    times: 500,
    atOnce: 1,
    leaves: 200,
    code: `telegram.dc().disconnectAll(); await client.invoke({ _: "help.getNearestDc" });`,
  },
];

function program({ code, times, atOnce }: Work): string {
  return `
    import { Client, StringSession } from "@tessera/mtproto";
    import { OfflineTelegram } from "@tessera/mtproto/testing";
    const telegram = new OfflineTelegram();
    const { apiId, apiHash, clientOptions } = telegram;
    const options = { ...clientOptions, retryDelay: 0 };
    const client = await Client.open(new StringSession(), apiId, apiHash, options);
    await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
    const lasting = new AbortController().signal;
    async function work() { ${code} }
    async function heapAfterRound() {
      for (let done = 0; done < ${times}; done += ${atOnce}) {
        await Promise.all(Array.from({ length: ${atOnce} }, work));
        await new Promise((resolve) => setTimeout(resolve));
      }
      gc();
      return Deno.memoryUsage().heapUsed;
    }
    await heapAfterRound();
    const heaps = [];
    for (let round = 0; round < 4; round++) heaps.push(await heapAfterRound());
    const growths = heaps.slice(1).map((heap, round) => heap - heaps[round]);
    console.log(String(Math.min(...growths) / ${times}));
    await client.disconnect();
  `;
}

for (const work of WORKS) {
  longTest(`A client keeps no more memory after thousands of ${work.what}`, async () => {
    const args = ["run", "-A", "--no-check", "--ext=ts", "--v8-flags=--expose-gc", "-"];
    const { code, stdout, stderr } = await runDeno(args, program(work));
    const left = Number(stdout);
    assert(code === 0 && left < work.leaves, `${left} bytes are left each time. ${stderr}`);
  });
}
