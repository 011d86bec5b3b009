/**
 * A Cloudflare Worker that sends a message from a string session: `POST /` with the text as body.
 *
 * Secrets (`wrangler secret put`): API_ID and API_HASH from https://my.telegram.org, SESSION (the
 * string that `deno task login` prints), and PASSPHRASE, which each request must contain. To try
 * it without Telegram, set TELEGRAM to the output of `deno task serve --json`.
 *
 * Two connections must not use one key at once, or Telegram makes it void (AUTH_KEY_DUPLICATED):
 * requests take turns here. Cloudflare may run the Worker in several places, so put the client in a
 * Durable Object if many people use yours.
 */
import { Client, type ClientOptions, StringSession } from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";

interface Secrets {
  readonly API_ID: string;
  readonly API_HASH: string;
  readonly SESSION: string;
  readonly PASSPHRASE: string;
  readonly TELEGRAM?: string;
}

function offline(telegram: string): ClientOptions {
  const { dcs, publicKeyPem } = JSON.parse(telegram);
  return { dcs, keys: [parseRsaPublicKey(publicKeyPem)] };
}

/** Compares texts in a time that tells nothing of them: it compares their hashes, to the end. */
async function isSame(a: string, b: string): Promise<boolean> {
  const hash = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const [one, other] = (await Promise.all([hash(a), hash(b)])).map((sum) => new Uint8Array(sum));
  return one.reduce((difference, byte, i) => difference | byte ^ other[i], 0) === 0;
}

async function send(text: string, secrets: Secrets): Promise<Response> {
  const { API_ID, API_HASH, SESSION, TELEGRAM } = secrets;
  // A Worker's socket belongs to the request that opened it, so each request makes a client.
  const options = TELEGRAM === undefined ? {} : offline(TELEGRAM);
  const client = new Client(new StringSession(SESSION), Number(API_ID), API_HASH, options);
  try {
    await client.connect();
    const { id } = await client.sendMessage("me", text);
    return Response.json({ id });
  } finally {
    await client.disconnect();
  }
}

/** The request that uses the session now. */
let last: Promise<unknown> = Promise.resolve();

export default {
  async fetch(request: Request, secrets: Secrets): Promise<Response> {
    if (!secrets.PASSPHRASE) {
      return new Response("Set the secret PASSPHRASE first.\n", { status: 500 });
    }
    const given = request.headers.get("authorization") ?? "";
    if (!await isSame(given, `Bearer ${secrets.PASSPHRASE}`)) {
      return new Response("Who are you?\n", { status: 401 });
    }
    const text = request.method === "POST" ? await request.text() : "";
    if (text === "") return new Response("POST a text.\n", { status: 400 });
    const sending = last.then(() => send(text, secrets));
    last = sending.catch(() => {});
    return await sending;
  },
};
