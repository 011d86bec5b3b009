/** What each session does. Replace it with your own: this one repeats what people write to it. */
import type { Api, Client } from "@tessera/mtproto";

/** Works on updates of a session. */
export async function work(
  client: Client,
  updates: Api.Updates,
): Promise<void> {
  if (updates._ !== "updates") return;
  for (const update of updates.updates) {
    if (update._ !== "updateNewMessage" || update.message._ !== "message") {
      continue;
    }
    const { out, peerId, message: text } = update.message;
    if (!out && peerId._ === "peerUser") {
      await client.sendMessage(peerId.userId, text);
    }
  }
}
