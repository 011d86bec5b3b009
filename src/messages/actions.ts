/** The methods of a message, whose code loads on first use. */
import type { MessageActions } from "./chats/message.ts";
import type { PeerContext } from "./input_peer.ts";
import { sendMessage } from "./send_message.ts";

/** Returns the methods of the messages of a client. */
export function messageActions(context: PeerContext): MessageActions {
  const load = (): Promise<typeof import("./chats/mod.ts")> => import("./chats/mod.ts");
  return {
    send: (...args) => sendMessage(context, ...args),
    edit: async (...args) => await (await load()).editMessage(context, ...args),
    delete: async (...args) => await (await load()).deleteMessages(context, ...args),
    forward: async (...args) => await (await load()).forwardMessages(context, ...args),
    react: async (...args) => await (await load()).react(context, ...args),
    markRead: async (...args) => await (await load()).markRead(context, ...args),
    find: async (...args) => await (await load()).messagesByIds(context, ...args),
  };
}
