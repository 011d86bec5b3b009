/**
 * The Worker's handler called here; in workerd itself it is called by `deno task test:runtimes`.
 */
import { OfflineTelegram } from "@tessera/mtproto/testing";
import worker from "../../examples/cloudflare_worker.ts";
import { type Secrets, secretsFor, sendBy } from "../helpers/edge_example.ts";

Deno.test("examples/cloudflare_worker.ts sends messages for a passphrase", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const secrets: Secrets = await secretsFor(telegram);
  await sendBy((request) => worker.fetch(request, secrets), telegram, secrets);
});
