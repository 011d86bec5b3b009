/**
 * A server that sends a message from a string session, for Deno Deploy and the like: deno run -NE examples/deno_serve.ts
 * `POST /` with the text as the body.
 *
 * In the environment: API_ID and API_HASH from https://my.telegram.org, SESSION (a session string, as `deno task login` prints
 * it), PASSPHRASE, which whoever posts must know, and PORT. For trying it without Telegram, TELEGRAM is what
 * `deno task serve --json` prints.
 */
import { Client, type ClientOptions, StringSession } from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";

const { API_ID, API_HASH = "", SESSION, PASSPHRASE, TELEGRAM, PORT = "8000" } = Deno.env.toObject();

function offline(telegram: string): ClientOptions {
  const { dcs, publicKeyPem } = JSON.parse(telegram);
  return { dcs, keys: [parseRsaPublicKey(publicKeyPem)] };
}

// One client for all requests: connecting is a matter of the first, and of none if it is connected already.
const options = TELEGRAM === undefined ? {} : offline(TELEGRAM);
const client = new Client(new StringSession(SESSION), Number(API_ID), API_HASH, options);

Deno.serve({ hostname: "127.0.0.1", port: Number(PORT) }, async (request) => {
  if (request.headers.get("authorization") !== `Bearer ${PASSPHRASE}`) {
    return new Response("Who are you?\n", { status: 401 });
  }
  const text = request.method === "POST" ? await request.text() : "";
  if (text === "") return new Response("POST a text.\n", { status: 400 });
  await client.connect();
  const { id } = await client.sendMessage("me", text);
  return Response.json({ id });
});
