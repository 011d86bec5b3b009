import { Client, MemorySession, type Session, SqliteSession, StringSession } from "../../mod.ts";
import { type ObservedPacket, OfflineTelegram } from "../../src/testing/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { BOT_TOKEN, CODE, PHONE } from "../helpers/sign_in_flows.ts";

/** How many packets the client sent: in the clear (the key exchange), and encrypted. */
interface Sent {
  plain: number;
  encrypted: number;
}

async function countSent(
  before: (client: Client) => Promise<unknown>,
  restore: (session: MemorySession) => Session,
  counted: (client: Client) => Promise<unknown>,
  first = new MemorySession(),
): Promise<Sent> {
  const sent: Sent = { plain: 0, encrypted: 0 };
  let counting = false;
  const onPacket = ({ direction, plain }: ObservedPacket): void => {
    if (counting && direction === "in") sent[plain ? "plain" : "encrypted"]++;
  };
  await using telegram = new OfflineTelegram({ onPacket });
  const { apiId, apiHash, clientOptions } = telegram;
  {
    await using client = new Client<Session>(first, apiId, apiHash, clientOptions);
    await before(client);
  }
  await using client = new Client(restore(first), apiId, apiHash, clientOptions);
  counting = true;
  await counted(client);
  return sent;
}

const signInAsBot = (client: Client) => client.botSignIn(BOT_TOKEN);
const nothing = () => Promise.resolve();
const anew = () => new MemorySession();

Deno.test("A first bot sign-in takes one round trip more than the key exchange", async () => {
  const byStep = await countSent(nothing, anew, signInAsBot);
  assertEquals(byStep, { plain: 3, encrypted: 1 });
  const byStart = await countSent(
    nothing,
    anew,
    (client) => client.start({ botAuthToken: BOT_TOKEN }),
  );
  assertEquals(byStart, { plain: 3, encrypted: 1 });
});

Deno.test("A first sign-in as a user takes a round trip for each of its two steps", async () => {
  const start = (client: Client) => client.start({ phoneNumber: PHONE, phoneCode: CODE });
  assertEquals(await countSent(nothing, anew, start), { plain: 3, encrypted: 2 });
});

Deno.test("The first call of a session that was kept whole takes one round trip", async () => {
  const restore = ({ state }: MemorySession) => new MemorySession(state);
  for (
    const call of [
      (client: Client) => client.getMe(),
      (client: Client) => client.invoke({ _: "help.getConfig" }),
      signInAsBot,
      (client: Client) => client.start({ botAuthToken: BOT_TOKEN }),
    ]
  ) assertEquals(await countSent(signInAsBot, restore, call), { plain: 0, encrypted: 1 });
});

Deno.test("The first call of a session that was kept in a file takes one round trip", async () => {
  const folder = await Deno.makeTempDir();
  const inFile = () => new SqliteSession(`${folder}/me`);
  const sent = await countSent(signInAsBot, inFile, (client) => client.getMe(), inFile());
  assertEquals(sent, { plain: 0, encrypted: 1 });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("The first call of a string session takes two trips: it has no salt", async () => {
  const restore = ({ state }: MemorySession) => {
    const [{ host, port, authKey = new Uint8Array() }] = state.dcs;
    const session = new StringSession();
    session.setDC(state.dcId, host, port);
    session.setAuthKey(authKey);
    return new StringSession(session.save());
  };
  const sent = await countSent(signInAsBot, restore, (client) => client.getMe());
  assertEquals(sent, { plain: 0, encrypted: 2 });
});
