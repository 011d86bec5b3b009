/** GramJS, or teleproto, exchanges files. */
import { writeFile } from "node:fs/promises";
import { captionOf, endExchange, placeOf, readFileTarget } from "./file_exchange.ts";
import { type GramJs, openSignedIn } from "./gramjs_flows.ts";

/** Downloads the files of the other side, and sends them back. */
export async function exchangeFiles(library: GramJs): Promise<void> {
  const target = readFileTarget();
  const client = await openSignedIn(library, target, "code");
  for (const message of await client.getMessages("me", { limit: 100 })) {
    const place = placeOf(target, message.message ?? "");
    if (place === undefined) continue;
    const bytes = await client.downloadMedia(message, {});
    if (bytes === undefined || typeof bytes === "string") throw new Error(`No bytes of "${place}"`);
    await writeFile(place, bytes);
  }
  for (const file of target.files) {
    const forceDocument = file.as === "document";
    await client.sendFile("me", { file: file.path, caption: captionOf(file), forceDocument });
  }
  const { album } = target;
  await client.sendFile("me", {
    file: album.map(({ path }) => path),
    caption: album.map(captionOf),
  });
  endExchange();
}
