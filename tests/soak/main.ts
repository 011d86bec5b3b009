/**
 * Runs a soak; prints a line every minute, and a verdict:
 *
 *     deno task soak --minutes 10 --runtime node --seed 7
 *
 * For Node it uses the npm package in `npm/`, so `deno task npm` comes first.
 */
import { parseArgs } from "@std/cli/parse-args";
import { type Progress, soak } from "./soak.ts";

const options = parseArgs(Deno.args.filter((argument) => argument !== "--"), {
  string: ["minutes", "runtime", "seed"],
  default: { minutes: "10", runtime: "deno", seed: "1" },
  unknown: (argument: string): never => refuse(`"${argument}" is not an option`),
});
const { runtime } = options;
const minutes = Number(options.minutes);
const seed = Number(options.seed);
if (runtime !== "deno" && runtime !== "node") refuse(`the runtime is "${runtime}"`);
if (!(minutes > 0) || !Number.isInteger(seed)) refuse("--minutes and --seed take numbers");

function refuse(why: string): never {
  print(`Cannot soak: ${why}. Use --minutes 10, --runtime deno or node, --seed 1.`);
  Deno.exit(2);
}

function print(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

function counts(of: Readonly<Record<string, number>>): string {
  return Object.entries(of).map(([name, count]) => `${name} ${count}`).join(", ") || "none";
}

function printLine({ at, ledger, middleman, server }: Progress): void {
  const { heap = 0, rss = 0 } = ledger.memory.at(-1) ?? {};
  const faults = Object.values(middleman.faults).reduce((sum, count) => sum + count, 0);
  print([
    `${(at / 60_000).toFixed(1)} min`,
    `${ledger.total} calls (${ledger.settled} settled)`,
    `longest ${ledger.longestCall} ms`,
    `${ledger.live} updates, ${ledger.gaps} gaps`,
    `${middleman.connections} connections, ${faults} faults`,
    `server: ${counts(server)}`,
    `heap ${megabytes(heap)}, rss ${megabytes(rss)}`,
  ].join("; "));
}

const report = await soak({
  runtime,
  seed,
  duration: minutes * 60_000,
  onProgress: printLine,
});
const { ledger, middleman, mailboxes, server, faults, exitTime } = report;
printLine(report);
print(`calls:        ${counts(ledger.calls)}`);
print(`failed:       ${counts(ledger.failures)}`);
print(`longest call: ${ledger.longestCall} ms`);
print(`mailbox:      ${mailboxes.own.length} own, ${mailboxes.other.length} of the other client`);
const { ofAll, ofOneTurn } = ledger.outOfOrder(mailboxes);
print(`order:        ${ofAll} own messages came after a later one, ${ofOneTurn} of the same turn`);
print(
  `updates:      ${ledger.live} came (${ledger.repeated} repeated), ${ledger.gaps} gaps, ` +
    `${ledger.fetched} fetched`,
);
print(`network:      ${middleman.connections} connections, ${counts(middleman.faults)}`);
print(`server:       ${counts(server)}`);
print(`states:       ${counts(ledger.states)}`);
for (const [reason, times] of Object.entries(ledger.reasons)) {
  print(`waited:       ${String(times).padStart(3)} x ${reason}`);
}
for (const kind of ["heap", "rss"] as const) {
  const values = ledger.memory.map((one) => one[kind]);
  const at = (part: number) => megabytes(values[Math.floor(part * (values.length - 1))] ?? 0);
  const growth = megabytes(ledger.growth(kind));
  print(
    `${`${kind}:`.padEnd(14)}${at(0.2)} at 20 %, ${at(0.6)} at 60 %, ${
      at(1)
    } at the end; grew by ${growth}`,
  );
}
print(`exit:         ${Math.round(exitTime)} ms after disconnect()`);
print(faults.length === 0 ? "All is well." : `${faults.length} faults:\n${faults.join("\n")}`);
Deno.exit(faults.length === 0 ? 0 : 1);
