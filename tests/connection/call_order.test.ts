/**
 * The place of a call among others, and calls that move to another session: what is named as their
 * predecessor there.
 */
import { CallOrder, RpcError } from "../../src/connection/mod.ts";
import { Invocation } from "../../src/connection/invocation.ts";
import { Invocations } from "../../src/connection/invocations.ts";
import type { ClientSession } from "../../src/mtproto/mod.ts";
import { silentLogger } from "../../src/runtime/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { clientSession } from "../helpers/hand_sealed.ts";
import { NEAREST_DC } from "../helpers/connection_harness.ts";

/** A session that notes its calls: the number of each, and that of its predecessor. */
function notingSession(): { session: ClientSession; noted: [number, number | undefined][] } {
  const session = clientSession();
  const noted: [number, number | undefined][] = [];
  const call = session.call.bind(session);
  session.call = (body, options) => {
    const id = call(body, options);
    noted.push([id, options?.after]);
    return id;
  };
  return { session, noted };
}

function invocationAfter(after?: Invocation): Invocation {
  const invocation = new Invocation(NEAREST_DC, 0);
  invocation.after = after;
  invocation.result.catch(() => {});
  return invocation;
}

Deno.test("calls that move to another session keep their order there", () => {
  const calls = new Invocations(silentLogger);
  const first = notingSession();
  const one = invocationAfter();
  const two = invocationAfter(one);
  calls.add(one);
  calls.use(first.session);
  calls.add(two);
  assertEquals(first.noted, [[1, undefined], [2, 1]]);
  // The first one is made again, and so is behind the second one in the first session.
  const code = "CONNECTION_NOT_INITED";
  calls.handle({ type: "error", call: 1, code: 400, message: code, wrapped: false });
  const second = notingSession();
  second.session.call(Uint8Array.of(1, 2, 3, 4));
  calls.use(second.session);
  assertEquals(second.noted, [[1, undefined], [2, undefined], [3, 2]]);
  assertEquals([one.callId, two.callId], [2, 3]);
});

Deno.test("a call that moves names the call before the one that was dropped", () => {
  const calls = new Invocations(silentLogger);
  const [one, two] = [invocationAfter(), invocationAfter()];
  two.after = one;
  const three = invocationAfter(two);
  calls.use(clientSession());
  for (const call of [one, two, three]) calls.add(call);
  calls.drop(two);
  const { session, noted } = notingSession();
  calls.use(session);
  assertEquals(noted, [[1, undefined], [2, 1]]);
});

Deno.test("a call that moves after the one before failed waits for its next attempt", async () => {
  const calls = new Invocations(silentLogger);
  const one = invocationAfter();
  const two = invocationAfter(one);
  const three = invocationAfter(two);
  calls.use(clientSession());
  for (const call of [one, two, three]) calls.add(call);
  calls.handle({ type: "error", call: 1, code: 420, message: "FLOOD_WAIT_3", wrapped: false });
  const { session, noted } = notingSession();
  calls.use(session);
  assertEquals(noted, []);
  for (const { result } of [two, three]) {
    await assertRejects(() => result, RpcError, "MSG_WAIT_FAILED");
  }
});

Deno.test("a call knows whether it was sent, also when it moves or is dropped", () => {
  const calls = new Invocations(silentLogger);
  const [queued, sent] = [invocationAfter(), invocationAfter()];
  calls.add(queued);
  calls.drop(queued);
  const session = clientSession();
  calls.use(session);
  calls.add(sent);
  calls.use(clientSession());
  assertEquals([queued.wasSent, sent.wasSent], [false, false]);
  const third = clientSession();
  calls.use(third);
  third.flush(0);
  calls.use(undefined);
  assert(sent.wasSent);
});

Deno.test("a call that failed with the one before is made again when that one is", async () => {
  const calls = new Invocations(silentLogger);
  const order = new CallOrder();
  const [one, two] = [order.begin("a"), order.begin("a")];
  const waiting = two.waitsFor(calls);
  assert(waiting !== undefined, "the first one was not made yet");
  const attempt = invocationAfter();
  one.sent(attempt);
  await waiting;
  calls.add(attempt);
  assertEquals(two.waitsFor(calls), undefined);
  const failing = invocationAfter();
  two.sent(failing);
  assertEquals(failing.after, attempt);
  assert(two.failed(new RpcError(400, "MSG_WAIT_TIMEOUT", "a.b")));
  const again = two.waitsFor(calls);
  assert(again !== undefined, "the same attempt would fail again");
  const next = invocationAfter();
  one.sent(next);
  await again;
  calls.add(next);
  assertEquals(two.waitsFor(calls), undefined);
  one.end();
  two.sent(invocationAfter());
  assert(!two.failed(new RpcError(400, "MSG_WAIT_FAILED", "a.b")), "it named none");
  assert(!two.mayBeCarriedOut);
});

Deno.test("CallOrder remembers a chat until its last call has ended, in any order", () => {
  for (const ends of [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]]) {
    const order = new CallOrder();
    const calls = [order.begin("a"), order.begin("a"), order.begin("a")];
    order.begin("b").end();
    const left = [0, 1, 2];
    for (const index of ends) {
      calls[index].end();
      calls[index].end();
      left.splice(left.indexOf(index), 1);
      const next = order.begin("a");
      const last = left.at(-1);
      assertEquals(next.before === undefined ? undefined : calls.indexOf(next.before), last);
      next.end();
      assertEquals(order.size, left.length > 0 ? 1 : 0);
    }
  }
});
