/**
 * A whole life of clients, for the tests of proxies and other ways to connect: a sign-in that
 * migrates, an update, files of two data centers and a CDN, a call to a third one, a QR sign-in
 * that migrates, and a session that comes back.
 */
import { Client, type ClientOptions, type Message, StringSession } from "../../mod.ts";
import { OfflineTelegram, type OfflineTelegramOptions } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "./assert.ts";
import "./quick_passwords.ts";

const CODE = "22222";
const NEAR = "+9996621111";
const FAR = "+9996644444";

/** The Telegram of the life: three data centers, a CDN, and ports that are only for files. */
export async function lifeTelegram(
  { webSocketPort, ...options }: OfflineTelegramOptions & { readonly webSocketPort?: number } = {},
): Promise<OfflineTelegram> {
  const telegram = new OfflineTelegram({
    dcs: [2, 1, 4],
    cdn: 203,
    accounts: [{ phone: NEAR, code: CODE }, { phone: FAR, code: CODE, dcId: 4 }],
    ...options,
  });
  await telegram.listen({ mediaPort: 0, webSocketPort });
  return telegram;
}

/** Lives it, with the options of a proxy, or of another way. Returns what was done. */
export async function liveThroughProxy(
  telegram: OfflineTelegram,
  options: ClientOptions,
): Promise<string[]> {
  const { apiId, apiHash, dcs, keys } = telegram;
  const open = (session = ""): Client<StringSession> =>
    new Client(new StringSession(session), apiId, apiHash, { dcs, keys, ...options });
  const done: string[] = [];
  await using client = open();
  await client.start({ phoneNumber: FAR, phoneCode: CODE });
  done.push(`signed in at data center ${client.session.state.dcId}`);

  const heard = new Promise<Message>((resolve) => client.on("message", resolve));
  const friend = telegram.person(NEAR);
  await friend.send(telegram.person(FAR), "Hello");
  done.push(`heard ${(await heard).text}`);

  const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index * 7);
  const sent = await client.sendFile("me", bytes);
  assertEquals(await read(client.download(sent)), bytes);
  const media = sent.raw._ === "message" ? sent.raw.media : undefined;
  assert(media?._ === "messageMediaDocument" && media.document?._ === "document");
  telegram.api.moveFile(media.document.id, 2);
  assertEquals(await read(client.download(sent)), bytes);
  telegram.api.serveByCdn(media.document.id);
  assertEquals(await read(client.download(sent)), bytes);
  done.push("read a file at two data centers and a CDN");

  const { thisDc } = await client.invoke({ _: "help.getConfig" }, { dcId: 1 });
  done.push(`called data center ${thisDc}`);

  await using screen = open();
  const login = screen.qrLogin();
  for await (const { url } of login) await client.acceptQr(url);
  assertEquals((await login.result).kind, "user");
  done.push(`signed in by a QR code at data center ${screen.session.state.dcId}`);

  const session = client.session.save();
  await Promise.all([client.disconnect(), screen.disconnect()]);
  await using again = open(session);
  done.push(`came back as ${(await again.getMe())?.phone}`);
  await again.disconnect();
  return done;
}

/** What {@linkcode liveThroughProxy} does. */
export const WHOLE_LIFE: readonly string[] = [
  "signed in at data center 4",
  "heard Hello",
  "read a file at two data centers and a CDN",
  "called data center 1",
  "signed in by a QR code at data center 4",
  "came back as 9996644444",
];

async function read(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
  );
}
