/**
 * A Cloudflare Worker that sends a message from a string session: `POST /` with the text as body.
 * `GET /` returns the newest file of Saved Messages; it streams through, and is never held whole.
 *
 * Secrets (`wrangler secret put`): API_ID and API_HASH from https://my.telegram.org, SESSION (the
 * string that `deno task login` prints), and PASSPHRASE, which each request must contain. To try
 * it without Telegram, set TELEGRAM to the output of `deno task serve --json`.
 *
 * Two connections must not use one key at once, or Telegram makes it void (AUTH_KEY_DUPLICATED):
 * requests take turns here. Cloudflare may run the Worker in several places, so put the client in a
 * Durable Object if many people use yours.
 */
import { Client, type ClientOptions, type Message, StringSession } from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";

/** Milliseconds. */
const LONGEST_READ = 300_000;

interface Secrets {
  readonly API_ID: string;
  readonly API_HASH: string;
  readonly SESSION: string;
  readonly PASSPHRASE: string;
  readonly TELEGRAM?: string;
}

interface Context {
  /** Lets the request go on with work after its answer. */
  waitUntil(work: Promise<unknown>): void;
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

// A Worker's socket belongs to the request that opened it, so each request makes a client.
function newClient({ API_ID, API_HASH, SESSION, TELEGRAM }: Secrets): Client {
  const options = TELEGRAM === undefined ? {} : offline(TELEGRAM);
  return new Client(new StringSession(SESSION), Number(API_ID), API_HASH, options);
}

async function send(text: string, secrets: Secrets): Promise<Response> {
  const client = newClient(secrets);
  try {
    await client.connect();
    const { id } = await client.sendMessage("me", text);
    return Response.json({ id });
  } finally {
    await client.disconnect();
  }
}

async function newestFile(client: Client): Promise<Message | undefined> {
  await client.connect();
  for await (const message of client.messages("me", { limit: 100 })) {
    if (message.media?._ === "messageMediaDocument") return message;
  }
}

/** Answers with a file while it comes. `sent` resolves when the client is free again. */
async function readFile(secrets: Secrets): Promise<{ answer: Response; sent: Promise<unknown> }> {
  const client = newClient(secrets);
  const file = await newestFile(client).catch(async (error) => {
    await client.disconnect();
    throw error;
  });
  if (file === undefined) {
    await client.disconnect();
    return {
      answer: new Response("There is no file.\n", { status: 404 }),
      sent: Promise.resolve(),
    };
  }
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  // A reader that stalls must not keep the others waiting for ever.
  const signal = AbortSignal.timeout(LONGEST_READ);
  const sent = client.download(file, { signal }).pipeTo(writable)
    .finally(() => client.disconnect());
  return { answer: new Response(readable), sent };
}

/** The request that uses the session now. */
let last: Promise<unknown> = Promise.resolve();

export default {
  async fetch(request: Request, secrets: Secrets, context?: Context): Promise<Response> {
    if (!secrets.PASSPHRASE) {
      return new Response("Set the secret PASSPHRASE first.\n", { status: 500 });
    }
    const given = request.headers.get("authorization") ?? "";
    if (!await isSame(given, `Bearer ${secrets.PASSPHRASE}`)) {
      return new Response("Who are you?\n", { status: 401 });
    }
    if (request.method === "GET") {
      const reading = last.then(() => readFile(secrets));
      last = reading.then(({ sent }) => sent).catch(() => {});
      context?.waitUntil(last);
      return (await reading).answer;
    }
    const text = request.method === "POST" ? await request.text() : "";
    if (text === "") return new Response("POST a text, or GET a file.\n", { status: 400 });
    const sending = last.then(() => send(text, secrets));
    last = sending.catch(() => {});
    return await sending;
  },
};
