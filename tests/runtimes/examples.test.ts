/**
 * The example for Cloudflare in workerd. Not part of `deno task test`: run by `deno task
 * test:runtimes`.
 */
import { OfflineTelegram } from "@tessera/mtproto/testing";
import { readBy, secretsFor, sendBy } from "../helpers/edge_example.ts";
import { newProject } from "../helpers/npm_project.ts";
import { bundle, startWorkerd, WORKER_BUNDLE } from "../helpers/edge.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);

Deno.test("examples/cloudflare_worker streams a file, too, in workerd", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const secrets = await secretsFor(telegram);
  using project = await newProject();
  await Deno.copyFile(
    new URL("cloudflare_worker/worker.ts", EXAMPLES),
    `${project.folder}worker.ts`,
  );
  const out = await bundle(project.folder, "worker.ts", WORKER_BUNDLE);
  await using workerd = await startWorkerd(out, "worker.js", [], secrets);
  await sendBy(fetch, telegram, workerd.url);
  await readBy(fetch, telegram, workerd.url);
});
