import { Client } from "../../src/client/mod.ts";
import {
  type KeyValueStore,
  SessionError,
  SqliteSession,
  StoreSession,
} from "../../src/session/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import {
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "../helpers/assert.ts";
import { settled } from "../helpers/fake_clock.ts";
import { testLease } from "./lease_rules.ts";

const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
let places = 0;
const place = (): string => `${FOLDER}/${places++}.session`;

testLease("The lease of a SqliteSession", "SqliteSession", place, { hasClaims: true });
testLease("The lease of a session in a folder", "folder", place, { hasClaims: true, isLong: true });

Deno.test("A session is leased in one process, too, and again after close()", async () => {
  const path = place();
  const [one, two] = [new SqliteSession(path), new SqliteSession(path)];
  await one.load();
  await assertRejects(() => two.load(), SessionError, `process ${Deno.pid}`);
  const advice = Deno.build.os === "linux" ? "That is this process itself" : "Close it there";
  await assertRejects(() => two.load(), SessionError, advice);
  await one.close();
  await two.load();
  await assertRejects(() => one.load(), SessionError, `process ${Deno.pid}`);
  await two.close();
  const shared = [1, 2].map(() => new SqliteSession(path, { exclusive: false }));
  await Promise.all(shared.map((session) => session.load()));
  await Promise.all(shared.map((session) => session.close()));
});

function swappingStore(values: Map<string, string>): KeyValueStore {
  return {
    get: (key) => values.get(key),
    set: (key, value) => values.set(key, value),
    delete: (key) => values.delete(key),
    swap(key, current, next) {
      if (values.get(key) !== current) return false;
      if (next === undefined) values.delete(key);
      else values.set(key, next);
      return true;
    },
  };
}

/** Leases keep no process alive, and so not this one while it waits for them. */
async function stayingAlive<T>(result: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, 1000);
  return await result.finally(() => clearInterval(timer));
}

Deno.test("A damaged lease keeps no program out", async () => {
  const values = new Map([["me:lease", "nonsense"]]);
  const session = new StoreSession("me", swappingStore(values));
  await session.load();
  assertEquals(session.mayUseKey(), true);
  await session.close();
  assertEquals(session.mayUseKey(), false);
  assertEquals(values.size, 0);
});

/** A store that carries a renewal out and calls this before it answers. */
function answeringStore(
  values: Map<string, string>,
  onRenewal: () => void | Promise<void>,
): KeyValueStore {
  const store = swappingStore(values);
  return {
    ...store,
    async swap(key, current, next) {
      const isSwapped = await store.swap?.(key, current, next) ?? false;
      if (current !== undefined && next !== undefined) await onRenewal();
      return isSwapped;
    },
  };
}

Deno.test("A lease that is released during a renewal leaves no text", async () => {
  const values = new Map<string, string>();
  const [renewing, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const store = answeringStore(values, () => {
    renewing.resolve();
    return answered.promise;
  });
  const session = new StoreSession("me", store, { leaseDuration: 1000 });
  await session.load();
  await stayingAlive(renewing.promise);
  const closed = session.close();
  await settled();
  answered.resolve();
  await closed;
  assertEquals([...values.keys()], []);
});

Deno.test("A lease is still held after the answer to a renewal was lost", async () => {
  const values = new Map<string, string>();
  const renewedAgain = Promise.withResolvers<void>();
  let renewals = 0;
  const store = answeringStore(values, () => {
    if (++renewals === 1) throw new Error("the answer was lost");
    if (renewals === 4) renewedAgain.resolve();
  });
  const session = new StoreSession("me", store, { leaseDuration: 1000 });
  await session.load();
  await stayingAlive(renewedAgain.promise);
  await session.save();
  assertEquals(JSON.parse(values.get("me:lease") ?? "").beat > 1, true);
  await session.close();
  assertEquals([...values.keys()], ["me:session"]);
});

Deno.test("Client disconnects when its session is taken over, and saves nothing", async () => {
  await using telegram = new OfflineTelegram();
  const values = new Map<string, string>();
  const session = new StoreSession("me", swappingStore(values), { leaseDuration: 1000 });
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = await Client.open(session, apiId, apiHash, clientOptions);
  await client.start({ botAuthToken: "777:TESTTOKEN" });
  const lost = Promise.withResolvers<Error | undefined>();
  client.on("status", (status) => {
    if (status.state === "closed") lost.resolve(status.reason);
  });
  values.set("me:session", "what the other one wrote");
  values.delete("me:lease");
  await stayingAlive(lost.promise);
  const reason = await lost.promise;
  assertInstanceOf(reason, SessionError);
  assertStringIncludes(reason.message, "taken it over");
  await assertRejects(() => client.getMe(), SessionError, "taken it over");
  await client.disconnect();
  assertEquals(client.status, { state: "closed", reason });
  assertEquals([...values], [["me:session", "what the other one wrote"]]);
});

Deno.test("Client tells that its session is lost, also when no connection is open", async () => {
  await using telegram = new OfflineTelegram();
  const values = new Map<string, string>();
  const session = new StoreSession("me", swappingStore(values), { leaseDuration: 1000 });
  const { apiId, apiHash, clientOptions } = telegram;
  const dial = () => Promise.reject(new TypeError("no sockets here"));
  await using client = new Client(session, apiId, apiHash, { ...clientOptions, dial });
  await assertRejects(() => client.connect(), TypeError);
  const reasons: (Error | undefined)[] = [];
  client.on("status", (status) => {
    if (status.state === "closed") reasons.push(status.reason);
  });
  const lost = new SessionError("lost");
  session.onLost?.(lost);
  await client.disconnect();
  assertEquals(reasons, [lost]);
  await assertRejects(() => client.getMe(), SessionError, "lost");
});
