/** The door of chats/, whose code loads when it is needed for the first time. */

type Chats = typeof import("./chats/mod.ts");

let chats: Chats | Promise<Chats> | undefined;

/**
 * Returns what people do in chats; a promise, until it is loaded. Who does not wait for what is
 * there goes on in the same turn, so that messages of one turn go out together.
 */
export function loadChats(): Chats | Promise<Chats> {
  if (chats !== undefined) return chats;
  const loading = import("./chats/mod.ts");
  loading.then((loaded) => chats = loaded, () => chats = undefined);
  return chats = loading;
}
