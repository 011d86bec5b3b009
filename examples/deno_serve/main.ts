/**
 * A server that sends a message from a string session: deno run -NE main.ts
 * `POST /` with the text as body.
 *
 * Environment: API_ID and API_HASH from https://my.telegram.org, SESSION (the string that
 * `deno task login` prints), PASSPHRASE, which each request must contain, and PORT. To try it
 * without Telegram, set TELEGRAM to the output of `deno task serve --json`.
 *
 * Run one of it: two programs that use one session at once make it void. End the old one before a
 * new version starts, or keep the session in a store with a lease (see docs/sessions.md).
 */
import { Client, type ClientOptions, StringSession } from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";

const { API_ID, API_HASH = "", SESSION, PASSPHRASE, TELEGRAM, PORT = "8000" } = Deno.env.toObject();

function offline(telegram: string): ClientOptions {
  const { dcs, publicKeyPem } = JSON.parse(telegram);
  return { dcs, keys: [parseRsaPublicKey(publicKeyPem)] };
}

if (!PASSPHRASE) throw new Error("Cannot serve: set PASSPHRASE, which requests must contain.");

/** Compares texts in a time that tells nothing of them: it compares their hashes, to the end. */
async function isSame(a: string, b: string): Promise<boolean> {
  const hash = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const [one, other] = (await Promise.all([hash(a), hash(b)])).map((sum) => new Uint8Array(sum));
  return one.reduce((difference, byte, i) => difference | byte ^ other[i], 0) === 0;
}

// One client serves all requests. The first request connects it.
const options = TELEGRAM === undefined ? {} : offline(TELEGRAM);
const client = new Client(new StringSession(SESSION), Number(API_ID), API_HASH, options);

Deno.serve({ hostname: "127.0.0.1", port: Number(PORT) }, async (request) => {
  if (!await isSame(request.headers.get("authorization") ?? "", `Bearer ${PASSPHRASE}`)) {
    return new Response("Who are you?\n", { status: 401 });
  }
  const text = request.method === "POST" ? await request.text() : "";
  if (text === "") return new Response("POST a text.\n", { status: 400 });
  await client.connect();
  const { id } = await client.sendMessage("me", text);
  return Response.json({ id });
});
