/**
 * A route in the edge runtime, which has WebSocket and no TCP: `POST` sends the text to Saved
 * Messages of the account whose string session is in SESSION. A request must have the PASSPHRASE.
 *
 * Two connections must not use one key at once, or Telegram makes it void: requests take turns
 * here. The edge may run in several places: keep the session in a store with a lease if many use
 * it (docs/sessions.md).
 */
import { Client, StringSession } from "@tessera/mtproto";
import { applicationFromEnvironment } from "../../../lib/settings.ts";

export const runtime = "edge";

/** Compares texts in a time that tells nothing of them: it compares their hashes, to the end. */
async function isSame(a: string, b: string): Promise<boolean> {
  const hash = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const [one, other] = (await Promise.all([hash(a), hash(b)])).map((sum) => new Uint8Array(sum));
  return one.reduce((difference, byte, i) => difference | byte ^ other[i], 0) === 0;
}

async function send(text: string): Promise<Response> {
  const { apiId, apiHash, clientOptions } = applicationFromEnvironment(true);
  const session = new StringSession(process.env.SESSION);
  await using client = new Client(session, apiId, apiHash, clientOptions);
  const { id } = await client.sendMessage("me", text);
  return Response.json({ id });
}

/** The request that uses the session now. */
let last: Promise<unknown> = Promise.resolve();

export async function POST(request: Request): Promise<Response> {
  const { PASSPHRASE } = process.env;
  if (!PASSPHRASE) return new Response("Set PASSPHRASE first.\n", { status: 500 });
  const given = request.headers.get("authorization") ?? "";
  if (!await isSame(given, `Bearer ${PASSPHRASE}`)) {
    return new Response("Who are you?\n", { status: 401 });
  }
  const text = await request.text();
  if (text === "") return new Response("POST a text.\n", { status: 400 });
  const sending = last.then(() => send(text));
  last = sending.catch(() => {});
  return await sending;
}
