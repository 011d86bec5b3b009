/** Parameters with a text, made ready to be sent: https://core.telegram.org/api/entities */
import type { Api } from "../../tl/mod.ts";
import type { PeerContext } from "../input_peer.ts";
import { outgoingText } from "../outgoing_text.ts";

/** Returns parameters whose text has its entities as they are sent. */
export async function formatted<T extends { message?: string; entities?: Api.MessageEntity[] }>(
  context: PeerContext,
  params: T,
  signal: AbortSignal | undefined,
): Promise<T> {
  const { message: text, entities } = params;
  if (text === undefined || entities === undefined) return params;
  return { ...params, ...await outgoingText(context, { text, entities }, { signal }) };
}
