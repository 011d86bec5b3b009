/** What each session does. Replace it with your own: this one repeats what people write to it. */
import type { Message } from "@tessera/mtproto";

/** Works on a new message of a session. */
export async function work(message: Message): Promise<void> {
  if (message.chat.kind === "user" && !message.outgoing) await message.respond(message.text);
}
