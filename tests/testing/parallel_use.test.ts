/**
 * One auth key in two programs: the offline Telegram answers AUTH_KEY_DUPLICATED (406) as Telegram
 * does, and never to one client that reconnects, or has connections for files.
 */
import { Client, RpcError, StringSession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { ParallelUse } from "../../src/testing/parallel_use.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";

const PHONE = "+9996621111";
const CODE = "22222";
const GET_STATE = { _: "updates.getState" } as const;

/**
 * Plays calls of sessions, each with its time in seconds by the clock of its client: `"A1 B2 A3"`.
 * `"A3@7"` comes at 7 s by the clock of the server; without it, a call comes every second. `"-A"`
 * closes the connection of the last call of A. Returns the calls that were found to be in parallel.
 */
function played(calls: string): string {
  const use = new ParallelUse();
  const open = new Map<string, { isOpen: boolean }>();
  return calls.split(" ").filter((call, position) => {
    if (call.startsWith("-")) {
      Object.assign(open.get(call.slice(1)) ?? {}, { isOpen: false });
      open.delete(call.slice(1));
      return false;
    }
    const connection = open.get(call[0]) ?? { isOpen: true };
    open.set(call[0], connection);
    const isOpen = (): boolean => connection.isOpen;
    const [made, came = position] = call.slice(1).split("@").map(Number);
    return use.note({
      sessionId: BigInt(call.charCodeAt(0)),
      msgId: BigInt(made) << 32n,
      cameAt: came * 1000,
      isOpen,
    });
  }).join(" ");
}

Deno.test("A key is used in parallel if a session goes on after another one has begun", () => {
  for (
    const [calls, found] of [
      ["A1 A2 A3", ""],
      ["A1 B2", ""],
      ["A1 B2 A3", "A3"],
      ["A1 B2 B3 C4 A5", "A5"],
      ["A1 B2 C3 B4", "B4"],
      ["A1 B5 A2 B6 A4 B7 A6", "A6"], // the clock of B is ahead
      ["A101@1 B2@2 A103@3", "A103@3"], // the clock of A is ahead
      ["A1@2 B3@4 A4@5 A5@9", "A4@5 A5@9"], // the way takes a second, and longer
    ]
  ) assertEquals(played(calls), found, calls);
});

Deno.test("A client that leaves a half-open connection does not use a key in parallel", () => {
  for (
    const calls of [
      "A1 B2 B3 B4 C5 C6",
      "A1 A2 B4 A3 B5", // a call of the old connection that arrives late
      "A1 B2 -B A3", // the other connection is closed
      "A1 -A B2 A3 A4", // the session comes back on another connection, once
      "A1@1 A5@5 B4@7 A6@8 B5@8", // that call is late, and the clock was set back before B began
    ]
  ) assertEquals(played(calls), "", calls);
});

/** Signs a client in, and returns the text of its session. */
async function signedIn(telegram: OfflineTelegram): Promise<string> {
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = new Client(new StringSession(), apiId, apiHash, clientOptions);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  return client.session.save() as string;
}

function clientOf(telegram: OfflineTelegram, text: string): Client {
  const { apiId, apiHash, clientOptions } = telegram;
  return new Client(new StringSession(text), apiId, apiHash, clientOptions);
}

Deno.test("Two clients with the same session text at once make it void for both", async () => {
  await using telegram = new OfflineTelegram();
  const text = await signedIn(telegram);
  await using one = clientOf(telegram, text);
  await using two = clientOf(telegram, text);
  await one.invoke(GET_STATE);
  await two.invoke(GET_STATE);
  assertEquals(telegram.api.authorizations(PHONE).length, 1);
  const isVoid = (): boolean => telegram.api.authorizations(PHONE).length === 0;
  const refusals = new Set<unknown>();
  for (let round = 0; !isVoid(); round++) {
    assert(round < 100, "it is not noticed");
    for (const client of isVoid() ? [] : [one, two]) {
      await client.invoke(GET_STATE).catch(({ code, errorMessage }) =>
        refusals.add(`${errorMessage} (${code})`)
      );
    }
  }
  assertEquals([...refusals], ["AUTH_KEY_DUPLICATED (406)"]);
  assertEquals(telegram.api.authorizations(PHONE).length, 0);
  for (const request of [{ _: "help.getConfig" }, GET_STATE] as const) {
    await using later = clientOf(telegram, text);
    await assertRejects(() => later.invoke(request), RpcError, "AUTH_KEY_DUPLICATED");
  }
});

Deno.test("Clients with the same session text one after the other can go on", async () => {
  await using telegram = new OfflineTelegram();
  const text = await signedIn(telegram);
  for (let round = 0; round < 3; round++) {
    await using client = clientOf(telegram, text);
    await client.invoke(GET_STATE);
    await client.invoke(GET_STATE);
  }
  assertEquals(telegram.api.authorizations(PHONE).length, 1);
});

Deno.test("Calls without updates, and those without a user, do not count as use", async () => {
  await using telegram = new OfflineTelegram();
  const text = await signedIn(telegram);
  await using one = clientOf(telegram, text);
  await using files = clientOf(telegram, text);
  for (let round = 0; round < 3; round++) {
    await one.invoke(GET_STATE);
    await files.invoke({ _: "help.getConfig" });
    await files.invoke({ _: "invokeWithoutUpdates", query: GET_STATE });
  }
  assertEquals(telegram.api.authorizations(PHONE).length, 1);
});
