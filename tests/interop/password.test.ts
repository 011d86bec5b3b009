/**
 * Tests that our client proves a 2FA password that mtcute from npm sets and changes, and vice
 * versa. This proves that password verifiers follow Telegram's rules.
 */

import { Client, StringSession } from "../../mod.ts";
import { decodeUtf8 } from "../../src/crypto/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import type { Target } from "./clients/target.ts";
import { LOCK } from "../helpers/lock.ts";
import { longTest } from "../helpers/long.ts";
import { despiteUnpaddedKeys } from "./unpadded_key.ts";

const CHILD = new URL("clients/mtcute_password.ts", import.meta.url);
const ACCOUNT = { phone: "+9996621111", code: "22222" };
const CHILD_TIME = 120_000;

/** Has mtcute sign in with this password and take a step. */
async function mtcute(
  telegram: OfflineTelegram,
  step: "set" | "change" | "remove",
  password: string | undefined,
  newPassword = "",
): Promise<void> {
  const { apiId, apiHash, dcs, publicKeyPem } = telegram;
  const accounts = [{ ...ACCOUNT, password }];
  const target: Partial<Target> = { apiId, apiHash, dcs, publicKeyPem, accounts };
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", LOCK, CHILD.pathname, step, JSON.stringify(target), newPassword],
    signal: AbortSignal.timeout(CHILD_TIME),
  }).output();
  assertEquals(decodeUtf8(stdout), "done\n", decodeUtf8(stderr));
}

/** Our client, signed in with this password. */
async function ours(telegram: OfflineTelegram, password?: string): Promise<Client> {
  const { apiId, apiHash, dcs, keys } = telegram;
  const client = await Client.open(new StringSession(), apiId, apiHash, { dcs, keys });
  await client.start({ phoneNumber: ACCOUNT.phone, phoneCode: ACCOUNT.code, password });
  return client;
}

longTest(
  "a password that mtcute sets and changes signs our client in",
  () =>
    despiteUnpaddedKeys(async () => {
      await using telegram = await OfflineTelegram.start({ accounts: [ACCOUNT] });
      await mtcute(telegram, "set", undefined, "first");
      {
        await using client = await ours(telegram, "first");
        assertEquals((await client.password.status()).hint, "a pet");
      }
      await mtcute(telegram, "change", "first", "the second one");
      {
        await using client = await ours(telegram, "the second one");
        assertEquals((await client.password.status()).hint, "two pets");
      }
      await mtcute(telegram, "remove", "the second one");
      await using client = await ours(telegram);
      assertEquals((await client.password.status()).isSet, false);
    }),
);

longTest(
  "a password that our client sets and changes signs mtcute in",
  () =>
    despiteUnpaddedKeys(async () => {
      await using telegram = await OfflineTelegram.start({ accounts: [ACCOUNT] });
      await using client = await ours(telegram);
      await client.password.set("first");
      await client.password.change("first", "the second one");
      await mtcute(telegram, "change", "the second one", "third");
      await client.password.remove("third");
      assertEquals((await client.password.status()).isSet, false);
    }),
);
