/**
 * A file of a CDN, read by an unmodified client of others: our client and our CDN could share an
 * error. https://core.telegram.org/cdn
 */
import { serveInfo } from "../../src/cli/serve_info.ts";
import { OfflineTelegram, TEST_ACCOUNTS } from "../../src/testing/mod.ts";
import { someBytes } from "../files/bytes.ts";
import { longTest } from "../helpers/long.ts";
import type { FileTarget } from "./clients/file_exchange.ts";
import { runClient } from "./processes.ts";
import { despiteUnpaddedKeys } from "./unpadded_key.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";

const [{ phone }] = TEST_ACCOUNTS;
const NAME = "cdn.bin";

longTest(
  "mtcute reads a file from a CDN, decrypted and hashed by node:crypto",
  () =>
    despiteUnpaddedKeys(async () => {
      const folder = await Deno.makeTempDir();
      try {
        await using telegram = await OfflineTelegram.start({ webSocketPort: 0, cdn: 203 });
        const bytes = someBytes(300_001);
        const document = telegram.api.addFile({ bytes, name: NAME });
        telegram.api.serveByCdn(document.id);
        await telegram.person(phone).sendFile("me", document);
        const files = [{ name: NAME, as: "document", path: `${folder}/${NAME}` } as const];
        const target: FileTarget = { ...serveInfo(telegram), files, album: [], folder };
        await runClient({ file: "mtcute_cdn.ts" }, target);
        const read = await Deno.readFile(`${folder}/${NAME}`);
        assertSameBytes(read, bytes);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    }),
);
