/**
 * What the examples for the edge have in common: a message is sent from a string session, by
 * whoever knows the passphrase only.
 */
import { Client, StringSession } from "@tessera/mtproto";
import type { OfflineTelegram } from "@tessera/mtproto/testing";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { assertEquals } from "./assert.ts";
import { lastMessage } from "../runtimes/scenario.ts";

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
  url = "http://localhost/",
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
