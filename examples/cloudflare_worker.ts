/**
 * A Cloudflare Worker that sends a message from a string session: `POST /` with the text as body.
 *
 * Secrets (`wrangler secret put`): API_ID and API_HASH from https://my.telegram.org, SESSION (the
 * string that `npx tessera login` prints), and PASSPHRASE, which each request must contain. To try
 * it without Telegram, set TELEGRAM to the output of `npx tessera serve --json`.
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

export default {
  async fetch(request: Request, secrets: Secrets): Promise<Response> {
    const { API_ID, API_HASH, SESSION, PASSPHRASE, TELEGRAM } = secrets;
    if (request.headers.get("authorization") !== `Bearer ${PASSPHRASE}`) {
      return new Response("Who are you?\n", { status: 401 });
    }
    const text = request.method === "POST" ? await request.text() : "";
    if (text === "") return new Response("POST a text.\n", { status: 400 });
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
  },
};
