/** Temporary keys by the other ways to Telegram: HTTP, and an obfuscated transport. */
import { Client, type ClientOptions, MemorySession } from "../../../mod.ts";
import { OfflineTelegram } from "../../../src/testing/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { fetchOver } from "../../helpers/fetch_over.ts";
import { sameRandom } from "../../helpers/remembered_powers.ts";

const WAYS: Readonly<Record<string, (telegram: OfflineTelegram) => ClientOptions>> = {
  HTTP: ({ dial, dcs }) => ({ dcs, transport: "http", fetch: fetchOver(dial) }),
  "an obfuscated line": ({ clientOptions }) => ({ ...clientOptions, obfuscated: true }),
  "a padded line": ({ clientOptions }) => ({ ...clientOptions, transport: "padded" }),
  "a line with full packets": ({ clientOptions }) => ({ ...clientOptions, transport: "full" }),
};

for (const [way, optionsOf] of Object.entries(WAYS)) {
  Deno.test(`Temporary keys work over ${way}`, async () => {
    const permanent: string[] = [];
    const temporary = new Set<string>();
    const random = sameRandom();
    await using telegram = new OfflineTelegram({
      random: random.server,
      onMessage: ({ authKeyId }) => {
        const isPermanent = telegram.dc(2).permanentKeyOf(authKeyId) === authKeyId;
        if (isPermanent) permanent.push(authKeyId);
        else temporary.add(authKeyId);
      },
    });
    const { apiId, apiHash, keys } = telegram;
    await using client = new Client(new MemorySession(), apiId, apiHash, {
      keys,
      random: random.client,
      forwardSecrecy: true,
      ...optionsOf(telegram),
    });
    await client.botSignIn("777:TESTTOKEN");
    assertEquals((await client.getMe())?.id, 777n);
    telegram.dc(2).forgetTemporaryKeys();
    assertEquals((await client.getMe())?.id, 777n);
    assertEquals(permanent, []);
    assert(temporary.size === 2, `${temporary.size} temporary keys`);
  });
}
