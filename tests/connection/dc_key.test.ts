/**
 * The key of a data center, as several connections share it.
 */
import { DcKey, type DcKeyState } from "../../src/connection/mod.ts";
import { AuthKey } from "../../src/mtproto/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";

const now = (): number => 0;

function state(fill: number): DcKeyState {
  return { authKey: new AuthKey(new Uint8Array(256).fill(fill)), serverSalt: 1n, timeOffset: 0 };
}

Deno.test("DcKey runs one exchange for all connections that ask for the key", async () => {
  const told: DcKeyState[] = [];
  const key = new DcKey(undefined, (changed) => told.push(changed));
  let exchanges = 0;
  const exchange = async (): Promise<DcKeyState> => {
    exchanges++;
    await Promise.resolve();
    return state(7);
  };
  const keys = await Promise.all([
    key.obtain(exchange, now),
    key.obtain(exchange, now),
    key.obtain(exchange, now),
  ]);
  assertEquals([exchanges, new Set(keys).size, told.length], [1, 1, 1]);
  assertEquals(key.isUnused, true);
  key.markUsed();
  assertEquals(key.isUnused, false);
});

Deno.test("DcKey lets the next connection try when an exchange fails", async () => {
  const key = new DcKey(undefined);
  const broken = key.obtain(() => Promise.reject(new Error("cut")), now);
  const whole = key.obtain(() => Promise.resolve(state(8)), now);
  await assertRejects(() => broken, Error, "cut");
  assertEquals((await whole).authKey.bytes[0], 8);
});

Deno.test("DcKey replaces and updates the key that it has, and no other", async () => {
  const [first, second] = [state(7), state(8)];
  const told: DcKeyState[] = [];
  const key = new DcKey(first, (changed) => told.push(changed));
  assertEquals([key.isUnused, key.age(5)], [false, Infinity]);
  key.doubt(second.authKey);
  assertEquals(await key.obtain(() => Promise.resolve(second), now), first);
  key.doubt(first.authKey);
  assertEquals(await key.obtain(() => Promise.resolve(second), () => 3), second);
  assertEquals([key.isUnused, key.age(5)], [true, 2]);
  key.update({ ...first, serverSalt: 5n });
  assertEquals(key.state?.serverSalt, 1n);
  key.update({ ...second, serverSalt: 6n });
  assertEquals([key.state?.serverSalt, told.length], [6n, 2]);
});

Deno.test("DcKey keeps a doubted key until Telegram proves itself by an exchange", async () => {
  const first = state(7);
  const key = new DcKey(first);
  key.doubt(first.authKey);
  assertEquals(key.state, first);
  const broken = key.obtain(() => Promise.reject(new Error("cut")), now);
  await assertRejects(() => broken, Error, "cut");
  assertEquals(await key.obtain(() => Promise.resolve(state(8)), now), first);
});
