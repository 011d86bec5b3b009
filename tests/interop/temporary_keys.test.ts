/**
 * mtcute from npm with temporary keys, in all of its flows: this proves that the offline Telegram
 * binds them as Telegram does. https://core.telegram.org/api/pfs
 *
 * mtcute makes the first call of a session that it has restored under the permanent key, which is
 * allowed. So only the sign-ins are looked at.
 */
import { serveInfo } from "../../src/cli/serve_info.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { runClient } from "./processes.ts";
import { despiteUnpaddedKeys } from "./unpadded_key.ts";

longTest(
  "mtcute signs in with temporary keys as a bot, with a code, and with a password",
  () =>
    despiteUnpaddedKeys(async () => {
      let lastKey = "";
      const bound = new Set<string>();
      await using telegram = await OfflineTelegram.start({
        accounts: [
          { phone: "+9996621111", code: "22222" },
          { phone: "+9996622222", code: "22222", password: "hunter2" },
        ],
        bots: [{ token: "777:TESTTOKEN" }],
        webSocketPort: 0,
        onMessage: ({ authKeyId }) => lastKey = authKeyId,
      });
      const signIns: string[] = [];
      const { api } = telegram;
      const handle = api.handle.bind(api);
      api.handle = (request, caller) => {
        if (caller.authKeyId !== lastKey) bound.add(lastKey);
        if (/^auth\.(importBot|signIn|checkPassword)/.test(request._)) {
          assert(caller.authKeyId !== lastKey, `${request._} came under the permanent key`);
          signIns.push(request._);
        }
        return handle(request, caller);
      };
      const outcomes = await runClient(
        { file: "mtcute.ts", env: { USE_PFS: "1" } },
        serveInfo(telegram),
      );
      assertEquals(outcomes.map(({ flow }) => flow), ["bot", "code", "password"]);
      for (const { id, restoredId } of outcomes) assertEquals(restoredId, id);
      assertEquals(signIns, [
        "auth.importBotAuthorization",
        "auth.signIn",
        "auth.signIn",
        "auth.checkPassword",
      ]);
      assert(bound.size >= 3, `${bound.size} temporary keys were used`);
    }),
);
