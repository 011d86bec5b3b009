/**
 * Tests a sign-in by QR code with two of our clients: one shows the code, the other approves it.
 */

import {
  type Client,
  type ClientOptions,
  type QrCode,
  SignInError,
  StringSession,
  type User,
} from "../../../mod.ts";
import { OfflineTelegram, type OfflineTelegramOptions } from "../../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { clientOf, CODE, PASSWORD, PHONE } from "../../helpers/sign_in_flows.ts";

const FAR_PHONE = "+9996643333";
const FAR_PHONE_WITH_PASSWORD = "+9996644444";
const NEAR_PHONE_WITH_PASSWORD = "+9996622222";
const OPTIONS: OfflineTelegramOptions = {
  dcs: [2, 4],
  accounts: [
    { phone: PHONE, code: CODE },
    { phone: NEAR_PHONE_WITH_PASSWORD, code: CODE, password: PASSWORD, hint: "the usual" },
    { phone: FAR_PHONE, code: CODE, dcId: 4 },
    { phone: FAR_PHONE_WITH_PASSWORD, code: CODE, password: PASSWORD, dcId: 4 },
  ],
};

/** A client that is signed in, as the person's telephone is. */
async function telephone(
  telegram: OfflineTelegram,
  phoneNumber = PHONE,
  options: ClientOptions = {},
): Promise<Client> {
  const client = clientOf(telegram, { deviceModel: "Telephone", ...options });
  await client.start({ phoneNumber, phoneCode: CODE, password: PASSWORD });
  return client;
}

for (
  const [where, phone, needsPassword] of [
    ["the same data center", PHONE, false],
    ["the same data center and has a password", NEAR_PHONE_WITH_PASSWORD, true],
    ["another data center", FAR_PHONE, false],
    ["another data center and has a password", FAR_PHONE_WITH_PASSWORD, true],
  ] as const
) {
  Deno.test(`a QR code signs in when the account lives in ${where}`, async () => {
    await using telegram = new OfflineTelegram(OPTIONS);
    await using approver = await telephone(telegram, phone);
    await using client = clientOf(telegram, { deviceModel: "Screen" });
    const login = client.qrLogin();
    for await (const { url } of login) {
      assertEquals((await approver.acceptQr(url)).deviceModel, "Screen");
    }
    const outcome = await login.result;
    assertEquals(outcome.kind, needsPassword ? "password" : "user");
    const user = outcome.kind === "user" ? outcome : await client.checkPassword(outcome, PASSWORD);
    const approvedBy = await approver.getMe();
    assertEquals(user.id, approvedBy?.id);
    assertEquals((await client.getMe())?.id, user.id);
    assertEquals(telegram.api.authorizations(phone).length, 2);
  });
}

Deno.test("start() signs in by QR code, with the password", async () => {
  await using telegram = new OfflineTelegram(OPTIONS);
  await using approver = await telephone(telegram, FAR_PHONE_WITH_PASSWORD);
  await using client = clientOf(telegram);
  const qrCode = async ({ url }: QrCode) => void await approver.acceptQr(url);
  const user = await client.start({ qrCode, password: () => PASSWORD });
  assertEquals(user.phone, FAR_PHONE_WITH_PASSWORD.slice(1));
});

Deno.test("signInUserWithQrCode() signs in as GramJS's method of that name", async () => {
  await using telegram = new OfflineTelegram(OPTIONS);
  await using approver = await telephone(telegram);
  await using client = clientOf(telegram);
  const { apiId, apiHash } = telegram;
  const user: User = await client.signInUserWithQrCode({ apiId, apiHash }, {
    qrCode: async ({ token, expires }) => {
      assert(expires > 0);
      await approver.acceptQr(token);
    },
    onError: () => true,
  });
  assertEquals(user.phone, PHONE.slice(1));
});

Deno.test("a QR code is replaced before it expires, and each of them can be approved", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ ...OPTIONS, clock });
  await using approver = await telephone(telegram, PHONE, { clock });
  await using client = clientOf(telegram, { clock });
  const login = client.qrLogin();
  const codes: QrCode[] = [];
  for await (const code of login) {
    codes.push(code);
    if (codes.length === 3) {
      const [first, second] = codes;
      const error = await assertRejects(() => approver.acceptQr(first.url), SignInError);
      assertEquals(error.reason, "qrExpired"); // 30 seconds have passed
      await approver.acceptQr(second.url);
      const used = await assertRejects(() => approver.acceptQr(second.url), SignInError);
      assertEquals(used.reason, "qrUsed");
    } else {
      await clock.asleepFor(15_000);
      await clock.advance(15_000);
    }
  }
  assertEquals(codes.map(({ expires }) => expires - codes[0].expires), [0, 15, 30]);
  assertEquals((await login.result).kind, "user");
});

Deno.test("an approval is noticed without its update", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ ...OPTIONS, clock });
  await using approver = await telephone(telegram);
  await using client = clientOf(telegram, { clock });
  telegram.api.onUpdates = undefined;
  const login = client.qrLogin();
  for await (const { url } of login) {
    await clock.asleepFor(15_000);
    await approver.acceptQr(url);
    await clock.advance(15_000);
  }
  assertEquals((await login.result).kind, "user");
});

Deno.test("a QR sign-in survives a connection lost while showing or approving", async () => {
  const clock = new FakeClock(Date.now());
  await using telegram = new OfflineTelegram({ ...OPTIONS, clock });
  await using approver = await telephone(telegram, FAR_PHONE);
  await using client = clientOf(telegram, { clock, timeout: 1000 });
  const { api } = telegram;
  const handle = api.handle.bind(api);
  const lost: string[] = [];
  api.handle = (request, caller) => {
    const answer = handle(request, caller);
    if (/LoginToken$/.test(request._) && !lost.includes(request._)) {
      lost.push(request._);
      telegram.dc(caller.dcId).disconnectAll();
    }
    return answer;
  };
  const login = client.qrLogin();
  let approved = false;
  const approve = async (): Promise<void> => {
    for await (const { url } of login) {
      if (!approved) await approver.acceptQr(url);
      approved = true;
    }
  };
  let isOver = false;
  const approving = approve().finally(() => isOver = true);
  while (!isOver) {
    // It waits before it connects again, or for the next look at the code: the update was lost with
    // the connection.
    await clock.advance(500);
  }
  await approving;
  assertEquals((await login.result).kind, "user");
  assertEquals(lost, ["auth.exportLoginToken", "auth.acceptLoginToken", "auth.importLoginToken"]);
});

Deno.test("a user who is on the device already cannot approve a QR code", async () => {
  await using telegram = new OfflineTelegram(OPTIONS);
  await using approver = await telephone(telegram);
  const me = await approver.getMe();
  await using client = clientOf(telegram);
  const login = client.qrLogin({ exceptIds: me ? [me.id] : [] });
  for await (const { url } of login) {
    const error = await assertRejects(() => approver.acceptQr(url), SignInError);
    assertEquals(error.reason, "qrRefused");
    break;
  }
  const error = await assertRejects(() => login.result, SignInError);
  assertEquals(error.reason, "cancelled");
});

Deno.test("an aborted QR sign-in leaves the client usable", async () => {
  await using telegram = new OfflineTelegram(OPTIONS);
  await using client = clientOf(telegram);
  const controller = new AbortController();
  const login = client.qrLogin({ signal: controller.signal });
  await assertRejects(
    async () => {
      for await (const _ of login) controller.abort(new Error("enough"));
    },
    Error,
    "enough",
  );
  assertEquals((await client.start({ phoneNumber: PHONE, phoneCode: CODE })).kind, "user");
});

Deno.test("disconnect() ends a QR sign-in at once", async () => {
  await using telegram = new OfflineTelegram(OPTIONS);
  const client = clientOf(telegram);
  const login = client.qrLogin();
  await assertRejects(
    async () => {
      for await (const _ of login) await client.disconnect();
    },
    Error,
    "disconnected",
  );
});

Deno.test("the session of a QR sign-in is signed in the next time", async () => {
  await using telegram = new OfflineTelegram(OPTIONS);
  await using approver = await telephone(telegram, FAR_PHONE);
  await using client = clientOf(telegram);
  await client.start({ qrCode: ({ url }) => approver.acceptQr(url) });
  await client.disconnect();
  await using next = clientOf(telegram, {}, new StringSession(client.session.save()));
  assert(await next.isAuthorized());
});
