/**
 * What the examples for the edge have in common: a message is sent from a string session, by
 * whoever knows the passphrase only.
 */
import { Client, StringSession } from "@tessera/mtproto";
import type { OfflineTelegram } from "@tessera/mtproto/testing";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { assertEquals } from "./assert.ts";
import { assertSameBytes } from "./same_bytes.ts";
import { lastMessage } from "../runtimes/scenario.ts";

/** The address where the example answers without a socket between. */
const LOCAL = "http://localhost/";
const PASSPHRASE = "open sesame";
const PHONE = "+9996621111";
const CODE = "22222";

/** What the examples are told by their environment. */
export interface Secrets extends Record<string, string> {
  readonly API_ID: string;
  readonly API_HASH: string;
  readonly SESSION: string;
  readonly PASSPHRASE: string;
  readonly TELEGRAM: string;
}

/** Signs in as a person; gives what the examples are told. */
export async function secretsFor(telegram: OfflineTelegram): Promise<Secrets> {
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  return {
    API_ID: String(apiId),
    API_HASH: apiHash,
    SESSION: client.session.save(),
    PASSPHRASE,
    TELEGRAM: JSON.stringify(serveInfo(telegram)),
  };
}

/** What both must do; `answer` sends a request to the example. */
export async function sendBy(
  answer: (request: Request) => Promise<Response>,
  telegram: OfflineTelegram,
  url = LOCAL,
): Promise<void> {
  const post = (passphrase: string, body: string): Promise<Response> =>
    answer(
      new Request(url, {
        method: "POST",
        body,
        headers: { authorization: `Bearer ${passphrase}` },
      }),
    );
  const { apiId, apiHash, clientOptions } = telegram;
  // A device of its own: the session is the example's.
  await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  for (const text of ["Hello!", "Hello again!"]) {
    const { id } = await (await post(PASSPHRASE, text)).json();
    assertEquals(await lastMessage(client), { id, text });
  }
  for (const [passphrase, text, status] of [["wrong", "Hello!", 401], [PASSPHRASE, "", 400]]) {
    const response = await post(String(passphrase), String(text));
    await response.text();
    assertEquals(response.status, status);
  }
}

/** The bytes of the file that {@linkcode readBy} reads: 16 parts. */
const FILE_SIZE = 8 * 1024 * 1024;
const PART = 512 * 1024;

/** Reads the newest file of Saved Messages; `answer` sends a request to the example. */
export async function readBy(
  answer: (request: Request) => Promise<Response>,
  telegram: OfflineTelegram,
  url = LOCAL,
): Promise<void> {
  const { api, apiId, apiHash, clientOptions } = telegram;
  const headers = { authorization: `Bearer ${PASSPHRASE}` };
  const missing = await answer(new Request(url, { headers }));
  assertEquals([missing.status, await missing.text()], [404, "There is no file.\n"]);
  const bytes = new Uint8Array(FILE_SIZE);
  const words = new Uint32Array(bytes.buffer);
  for (let i = 0; i < words.length; i++) words[i] = i * 2_654_435_761;
  await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  await client.sendFile("me", bytes, { name: "large.bin" });
  let asked = 0;
  const handle = api.handle.bind(api);
  api.handle = (request, caller) => {
    if (request._ === "upload.getFile") asked += PART;
    return handle(request, caller);
  };
  const { status, body } = await answer(new Request(url, { headers }));
  assertEquals(status, 200);
  let read = 0;
  let most = 0;
  for await (const piece of body ?? []) {
    assertSameBytes(piece, bytes.subarray(read, read + piece.length));
    read += piece.length;
    most = Math.max(most, asked - read);
  }
  assertEquals([read, asked], [FILE_SIZE, FILE_SIZE]);
  // Six parts are under way, and the streams between hold one each.
  if (url === LOCAL && most > 9 * PART) throw new Error(`${most} bytes were held`);
  const again = await answer(new Request(url, { headers, method: "POST", body: "After it" }));
  assertEquals((await again.json()).id, (await lastMessage(client))?.id);
}
