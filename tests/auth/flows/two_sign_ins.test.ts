/** Two people, or two pages, who sign in with one client at once: one of them is signed in. */
import { LoginCancelledError, type QrCode, SignInError } from "../../../mod.ts";
import { OfflineTelegram } from "../../../src/testing/mod.ts";
import { assertEquals, assertRejects } from "../../helpers/assert.ts";
import { clientOf, CODE, PHONE } from "../../helpers/sign_in_flows.ts";

const OTHER = "+9996622222";
const accounts = [PHONE, OTHER].map((phone) => ({ phone, code: CODE }));

/** Waits for the first code of a QR sign-in. */
async function firstCode(codes: AsyncIterable<QrCode>): Promise<QrCode> {
  const { value, done } = await codes[Symbol.asyncIterator]().next();
  if (done) throw new Error("The QR sign-in shows no code");
  return value;
}

Deno.test("start() with another number while start() runs is refused", async () => {
  await using telegram = new OfflineTelegram({ accounts });
  await using client = clientOf(telegram);
  const asked: string[] = [];
  const phoneCode = (phone: string) => (): string => {
    asked.push(phone);
    return CODE;
  };
  const start = (phoneNumber: string): Promise<unknown> =>
    client.start({ phoneNumber, phoneCode: phoneCode(phoneNumber) });
  const [one, other, same] = await Promise.allSettled([start(PHONE), start(OTHER), start(PHONE)]);
  assertEquals([one.status, other.status, same.status], ["fulfilled", "rejected", "fulfilled"]);
  await assertRejects(() => start(OTHER), SignInError, "belongs to another account");
  assertEquals(asked, [PHONE]);
  assertEquals((await client.getMe())?.phone, PHONE.slice(1));
  assertEquals(telegram.api.authorizations(OTHER).length, 0);
});

Deno.test("A QR sign-in ends when start() has signed in meanwhile", async () => {
  await using telegram = new OfflineTelegram({ accounts });
  await using approver = clientOf(telegram);
  await approver.start({ phoneNumber: OTHER, phoneCode: CODE });
  await using client = clientOf(telegram);
  const login = client.qrLogin();
  const result = assertRejects(() => login.result, LoginCancelledError, "was faster");
  const { url } = await firstCode(login);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  await result;
  await approver.acceptQr(url).catch(() => {}); // too late
  assertEquals((await client.getMe())?.phone, PHONE.slice(1));
});

Deno.test("start() that waits for an answer ends when a QR code was approved", async () => {
  await using telegram = new OfflineTelegram({ accounts });
  await using approver = clientOf(telegram);
  await approver.start({ phoneNumber: OTHER, phoneCode: CODE });
  await using client = clientOf(telegram);
  const isAsked = Promise.withResolvers<void>();
  const phoneCode = (): Promise<string> => {
    isAsked.resolve();
    return new Promise(() => {}); // the person does not type it
  };
  const started = assertRejects(
    () => client.start({ phoneNumber: PHONE, phoneCode }),
    LoginCancelledError,
    "was faster",
  );
  await isAsked.promise;
  const login = client.qrLogin();
  for await (const { url } of login) await approver.acceptQr(url);
  await started;
  assertEquals((await client.getMe())?.phone, OTHER.slice(1));
  assertEquals(telegram.api.authorizations(PHONE).length, 0);
});

Deno.test("A QR sign-in ends when the steps of another one have signed in", async () => {
  await using telegram = new OfflineTelegram({ accounts });
  await using client = clientOf(telegram);
  const login = client.qrLogin();
  const result = assertRejects(() => login.result, LoginCancelledError, "was faster");
  await firstCode(login);
  await client.signIn(await client.requestLoginCode(PHONE), CODE);
  await result;
  assertEquals((await client.getMe())?.phone, PHONE.slice(1));
});
