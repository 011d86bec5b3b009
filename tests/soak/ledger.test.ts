import { assertEquals } from "../helpers/assert.ts";
import { Ledger, type Mailboxes } from "./ledger.ts";
import type { SoakEvent } from "./soak_event.ts";

const BOUNDS = { heap: 1000, rss: 1000 };
const MAILBOXES: Mailboxes = { own: [0, 1], other: [0, 1, 2] };

function call(number: number, error?: string, turn = number): SoakEvent[] {
  const what = "sendMessage";
  return [{ type: "call", what, number, turn }, { type: "settled", what, number, ms: 5, error }];
}

/** A soak without a fault: an update is fetched, and one call fails. */
const GOOD: readonly SoakEvent[] = [
  ...call(0),
  ...call(1),
  ...call(2, "ConnectionError: Cannot reach DC 2"),
  { type: "update", numbers: [0, 2] },
  { type: "gap" },
  { type: "fetched", numbers: [1] },
  { type: "end", underWay: 0, status: "connected" },
  { type: "disconnected" },
];

function ledgerOf(events: readonly SoakEvent[]): Ledger {
  const ledger = new Ledger();
  for (const event of events) ledger.enter(event);
  return ledger;
}

function faultsOf(events: readonly SoakEvent[], mailboxes: Partial<Mailboxes> = {}): string[] {
  return ledgerOf(events).faults({ ...MAILBOXES, ...mailboxes }, BOUNDS);
}

Deno.test("Ledger.faults() finds nothing where nothing was lost", () => {
  assertEquals(faultsOf(GOOD), []);
});

Deno.test("Ledger.faults() lets a message arrive whose call lost its connection", () => {
  assertEquals(faultsOf(GOOD, { own: [0, 1, 2] }), []);
});

Deno.test("Ledger.faults() finds a message that was sent and never arrived", () => {
  assertEquals(faultsOf(GOOD, { own: [1] }), [
    "1 messages were sent, but are not in the mailbox: 0",
  ]);
});

Deno.test("Ledger.faults() finds a message that arrived twice", () => {
  assertEquals(faultsOf(GOOD, { own: [0, 1, 1] }), ["1 messages are in the mailbox twice: 1"]);
});

Deno.test("Ledger.faults() finds a message that was never sent", () => {
  assertEquals(faultsOf(GOOD, { own: [0, 1, 7] }), [
    "1 messages are in the mailbox, but were never sent: 7",
  ]);
});

Deno.test("Ledger.faults() finds an update that was missed", () => {
  assertEquals(faultsOf(GOOD, { other: [0, 1, 2, 3] }), [
    "1 messages of the other client were missed without updatesTooLong: 3",
  ]);
});

Deno.test("Ledger.faults() finds a call that did not settle", () => {
  const [begun] = call(3);
  const events = GOOD.map((event) => event.type === "end" ? { ...event, underWay: 1 } : event);
  assertEquals(faultsOf([begun, ...events]), ["1 calls did not settle"]);
});

Deno.test("Ledger.faults() finds a call that failed for another reason than the network", () => {
  assertEquals(faultsOf([...GOOD, ...call(3, "TlError: Cannot read")]), [
    "1 calls failed for another reason than the network: sendMessage: TlError: Cannot read",
  ]);
});

Deno.test("Ledger.faults() finds a client that does not end connected, or does not end", () => {
  assertEquals(faultsOf(GOOD.slice(0, -2)), [
    "the status at the end is undefined",
    "the program did not disconnect",
  ]);
});

Deno.test("Ledger.faults() finds memory that grows after the first fifth of the time", () => {
  const memory = (at: number, heap: number): SoakEvent => ({ type: "memory", at, heap, rss: 0 });
  const grows = Array.from({ length: 31 }, (_, at) => memory(at, 100 * at));
  assertEquals(faultsOf([...grows, ...GOOD]), [
    "the heap grew by 1600 bytes, expected at most 1000",
  ]);
  const warmsUp = Array.from({ length: 31 }, (_, at) => memory(at, 1000 * Math.min(at, 5)));
  assertEquals(faultsOf([...warmsUp, ...GOOD]), []);
});

Deno.test("Ledger.outOfOrder() counts messages after a later one, of all and of one turn", () => {
  const ledger = ledgerOf([...call(0), ...call(1), ...call(2)]);
  assertEquals(ledger.outOfOrder({ own: [1, 0, 2], other: [] }), { ofAll: 1, ofOneTurn: 0 });
  const oneTurn = ledgerOf([...call(0, undefined, 0), ...call(1, undefined, 0)]);
  assertEquals(oneTurn.outOfOrder({ own: [1, 0], other: [] }), { ofAll: 1, ofOneTurn: 1 });
});
