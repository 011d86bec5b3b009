/** The methods of a message, whose code loads on first use. */
import type { MessageActions } from "./chats/message.ts";
import type { PeerContext } from "./input_peer.ts";
import { loadChats } from "./load_chats.ts";
import { sendMessage } from "./send_message.ts";

/** Returns the methods of the messages of a client. */
export function messageActions(context: PeerContext): MessageActions {
  return {
    send: (...args) => sendMessage(context, ...args),
    edit: async (...args) => await (await loadChats()).editMessage(context, ...args),
    delete: async (...args) => await (await loadChats()).deleteMessages(context, ...args),
    forward: async (...args) => await (await loadChats()).forwardMessages(context, ...args),
    react: async (...args) => await (await loadChats()).react(context, ...args),
    markRead: async (...args) => await (await loadChats()).markRead(context, ...args),
    find: async (...args) => await (await loadChats()).messagesByIds(context, ...args),
  };
}
