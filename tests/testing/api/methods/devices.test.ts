import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import {
  ask,
  assertRefused,
  botSignIn,
  caller,
  type Fixture,
  fixture,
  PHONE,
  signIn,
} from "../fixture.ts";

const OLD = caller({ authKeyId: "a1" });
const FRESH = caller({ authKeyId: "b2" });
const DAY = 86_400;

/** Returns an API with a device that signed in two days ago and one that signed in now. */
function twoDevices(): Fixture {
  const all = fixture();
  signIn(all.api, PHONE, OLD);
  all.now += 2 * DAY;
  signIn(all.api, PHONE, FRESH);
  return all;
}

function devicesOf({ api }: Fixture, by = OLD): TlObject[] {
  return ask(api, { _: "account.getAuthorizations" }, by).authorizations as TlObject[];
}

Deno.test("account.getAuthorizations names the calling device by the hash 0", () => {
  const all = twoDevices();
  const [mine, other] = devicesOf(all);
  assertEquals([mine.current, mine.hash, mine.unconfirmed], [true, 0n, undefined]);
  assertEquals(other.hash, all.api.authorizations(PHONE)[1].hash);
  assertEquals([other.current, other.unconfirmed], [undefined, true]);
});

Deno.test("a new device is unconfirmed for a week, or until it is confirmed", () => {
  const all = twoDevices();
  all.now += 7 * DAY;
  assertEquals(devicesOf(all)[1].unconfirmed, undefined);
});

Deno.test("the devices of an account receive an update about a new one", () => {
  const { api } = fixture();
  const pushed: [string, TlObject][] = [];
  signIn(api, PHONE, OLD);
  api.onUpdates = (key, updates) => pushed.push([key, updates.update as TlObject]);
  signIn(api, PHONE, FRESH);
  assertEquals(pushed.map(([key, { _ }]) => [key, _]), [["a1", "updateNewAuthorization"]]);
});

Deno.test("a device may end others after it has been signed in for a day", () => {
  const all = twoDevices();
  const forbidden = [406, "FRESH_RESET_AUTHORISATION_FORBIDDEN"] as const;
  const [old] = all.api.authorizations(PHONE);
  const end = { _: "account.resetAuthorization", hash: old.hash };
  assertRefused(() => all.api.handle(end, FRESH), ...forbidden);
  assertRefused(() => all.api.handle({ _: "auth.resetAuthorizations" }, FRESH), ...forbidden);
  all.now += DAY;
  assertEquals(all.api.handle(end, FRESH), true);
  assertRefused(() => devicesOf(all), 401, "AUTH_KEY_UNREGISTERED");
});

Deno.test("the methods of devices refuse unknown hashes, bad limits and bots", () => {
  const all = twoDevices();
  const { api } = all;
  for (
    const method of [
      "account.resetAuthorization",
      "account.resetWebAuthorization",
      "account.changeAuthorizationSettings",
    ]
  ) {
    assertRefused(() => api.handle({ _: method, hash: 1n }, OLD), 400, "HASH_INVALID");
  }
  for (const authorizationTtlDays of [0, -1, 367]) {
    const request = { _: "account.setAuthorizationTTL", authorizationTtlDays };
    assertRefused(() => api.handle(request, OLD), 400, "TTL_DAYS_INVALID");
  }
  const bot = caller({ authKeyId: "c3" });
  botSignIn(api, bot);
  assertRefused(() => devicesOf(all, bot), 400, "BOT_METHOD_INVALID");
});
