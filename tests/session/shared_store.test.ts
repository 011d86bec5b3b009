/**
 * Two people sign in at the same time, at two data centers, with sessions in one store. Redis and
 * PostgreSQL only where they run, see services.test.ts.
 */
import { Client, SessionError, StoreSession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";
import { openStore } from "../helpers/session_kinds.ts";

const ADA = { phoneNumber: "+9996621111", phoneCode: "22222" };
const BOB = { phoneNumber: "+9996624444", phoneCode: "22222" };
const ACCOUNTS = [
  { phone: ADA.phoneNumber, code: "22222", id: 11n, dcId: 2 },
  { phone: BOB.phoneNumber, code: "22222", id: 44n, dcId: 4 },
];
type Answers = typeof ADA;

async function signInTogether(kind: string, at: string, prefix = ""): Promise<void> {
  await using telegram = new OfflineTelegram({ dcs: [2, 4], accounts: ACCOUNTS });
  const { apiId, apiHash, clientOptions } = telegram;
  const clientOf = (name: string): Client<StoreSession> =>
    new Client(
      new StoreSession(prefix + name, () => openStore(kind, at)),
      apiId,
      apiHash,
      clientOptions,
    );
  const signIn = async (name: string, answers: Answers): Promise<bigint> => {
    await using client = clientOf(name);
    return (await client.start(answers)).id;
  };
  assertEquals(await Promise.all([signIn("ada", ADA), signIn("bob", BOB)]), [11n, 44n]);
  const found = async (name: string): Promise<unknown[]> => {
    await using client = clientOf(name);
    const me = await client.getMe();
    const { user, dcId } = client.session.state;
    return [me?.id, user?.id, dcId];
  };
  const both = await Promise.all([found("ada"), found("bob")]);
  assertEquals(both, [[11n, 11n, 2], [44n, 44n, 4]]);

  // With one name for both, one of them gets the session, and the other one an error.
  const [one, other] = [clientOf("one"), clientOf("one")];
  const ends = await Promise.allSettled([one.start(ADA), other.start(BOB)]);
  const users = ends.map((end) => end.status === "fulfilled" ? end.value.id : end.reason);
  assertEquals(users.filter((user) => user instanceof SessionError).length, 1, String(users));
  await Promise.all([one.disconnect(), other.disconnect()]);
  const [user] = users.filter((user) => typeof user === "bigint");
  assertEquals((await found("one"))[0], user);
  for (const { phoneNumber } of [ADA, BOB]) {
    const devices = telegram.api.authorizations(phoneNumber).length;
    const isUser = (phoneNumber === ADA.phoneNumber ? 11n : 44n) === user;
    assertEquals(devices, isUser ? 2 : 1);
  }
}

for (const kind of ["sqlite", "folder"]) {
  Deno.test(`Two people sign in at once with sessions in one ${kind}`, async () => {
    const folder = await Deno.makeTempDir();
    for (let n = 0; n < runs(2, 50); n++) await signInTogether(kind, `${folder}/${n}`);
    await Deno.remove(folder, { recursive: true });
  });
}

for (
  const [kind, variable] of [
    ["redis", "REDIS_URL"],
    ["ioredis", "REDIS_URL"],
    ["pg", "POSTGRES_URL"],
    ["postgres", "POSTGRES_URL"],
  ]
) {
  const at = Deno.env.get(variable);
  if (at === undefined) continue;
  Deno.test(`Two people sign in at once with sessions in one ${kind}`, async () => {
    await signInTogether(kind, at, `${crypto.randomUUID()}-`);
  });
}
