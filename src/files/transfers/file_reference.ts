/** File references, which expire: https://core.telegram.org/api/file-references */
import type { RpcError } from "../../connection/mod.ts";
import type { Message } from "../../messages/mod.ts";
import type { FileHost } from "../file_host.ts";

/** The errors of a reference that is not good any more. */
const STALE = ["FILE_REFERENCE_EXPIRED", "FILE_REFERENCE_INVALID", "FILE_REFERENCE_EMPTY"];

/** Whether an error says that a file reference is not good any more. */
export function isStale(error: RpcError): boolean {
  return STALE.some((name) => error.is(name));
}

/** Reads a message again; `undefined` if it was deleted. Its media has a fresh reference. */
export async function messageAgain(
  host: FileHost,
  { chat, id }: Message,
): Promise<Message | undefined> {
  const [message] = await host.actions.find(chat, [{ _: "inputMessageID", id }], {});
  return message;
}
