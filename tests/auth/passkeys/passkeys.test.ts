import { type AskPasskey, type PasskeyAnswer, SignInError } from "../../../mod.ts";
import { OfflineTelegram } from "../../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../../helpers/assert.ts";
import { Authenticator } from "../../helpers/authenticator.ts";
import {
  clientOf,
  CODE,
  PASSWORD,
  PHONE,
  PHONE_WITH_PASSWORD,
} from "../../helpers/sign_in_flows.ts";

const FAR_PHONE = "+9996643333";
const ACCOUNTS = [
  { phone: PHONE, code: CODE },
  { phone: PHONE_WITH_PASSWORD, code: CODE, password: PASSWORD },
  { phone: FAR_PHONE, code: CODE, dcId: 4 },
];

function offline(): OfflineTelegram {
  return new OfflineTelegram({ dcs: [2, 4], accounts: ACCOUNTS });
}

/** A passkey that was made for an account. */
async function passkeyOf(telegram: OfflineTelegram, phoneNumber = PHONE): Promise<Authenticator> {
  const authenticator = new Authenticator();
  await using client = clientOf(telegram);
  await client.start({ phoneNumber, phoneCode: CODE, password: PASSWORD });
  await client.passkeys.register(authenticator.create);
  return authenticator;
}

async function reasonOf(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, SignInError)).reason;
}

for (const [where, phone] of [["the same", PHONE], ["another", FAR_PHONE]]) {
  Deno.test(`a passkey signs in when the account lives in ${where} data center`, async () => {
    await using telegram = offline();
    const authenticator = await passkeyOf(telegram, phone);
    await using client = clientOf(telegram);
    const user = await client.passkeys.signIn(authenticator.get);
    assert(user.kind === "user");
    assertEquals((await client.getMe())?.phone, phone.slice(1));
  });
}

Deno.test("the password is asked for after a passkey", async () => {
  await using telegram = offline();
  const authenticator = await passkeyOf(telegram, PHONE_WITH_PASSWORD);
  await using client = clientOf(telegram);
  const outcome = await client.passkeys.signIn(authenticator.get);
  assert(outcome.kind === "password");
  assertEquals((await client.checkPassword(outcome, PASSWORD)).kind, "user");
});

Deno.test("passkeys are listed and deleted, after which nobody signs in with them", async () => {
  await using telegram = offline();
  const authenticator = new Authenticator();
  await using client = clientOf(telegram);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  assertEquals(await client.passkeys.list(), []);
  const made = await client.passkeys.register(authenticator.create);
  const [listed] = await client.passkeys.list();
  assertEquals([listed.id, listed.usedAt], [made.id, undefined]);
  await using other = clientOf(telegram);
  await other.passkeys.signIn(authenticator.get);
  assert((await client.passkeys.list())[0].usedAt instanceof Date);
  assert(await client.passkeys.delete(listed));
  assert(!await client.passkeys.delete(listed.id));
  await using next = clientOf(telegram);
  assertEquals(await reasonOf(() => next.passkeys.signIn(authenticator.get)), "passkeyInvalid");
});

Deno.test("a passkey of another origin is refused, as Telegram does today", async () => {
  await using telegram = offline();
  const stranger = new Authenticator("https://example.org");
  await using client = clientOf(telegram);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  const register = () => client.passkeys.register(stranger.create);
  assertEquals(await reasonOf(register), "passkeyOriginRefused");
  await using other = clientOf(telegram);
  assertEquals(await reasonOf(() => other.passkeys.signIn(stranger.get)), "passkeyOriginRefused");
});

Deno.test("a passkey's answer to another challenge, or a malformed one, is refused", async () => {
  await using telegram = offline();
  const authenticator = await passkeyOf(telegram);
  await using client = clientOf(telegram);
  const wrong: AskPasskey = () => authenticator.get({ challenge: "other" });
  assertEquals(await reasonOf(() => client.passkeys.signIn(wrong)), "passkeyInvalid");
  const broken: AskPasskey = () => ({ id: "", rawId: "", response: { clientDataJSON: "%" } });
  assertEquals(await reasonOf(() => client.passkeys.signIn(broken)), "passkeyInvalid");
  for (const nothing of [null, undefined, 5, {}, { response: null }]) {
    const ask = () => nothing as unknown as PasskeyAnswer;
    assertEquals(await reasonOf(() => client.passkeys.signIn(ask)), "passkeyInvalid");
  }
});

for (
  const [method, code, message, reason] of [
    ["auth.initPasskeyLogin", 400, "API_ID_INVALID", "apiIdInvalid"],
    ["auth.initPasskeyLogin", 500, "AUTH_RESTART", "restartNeeded"],
    ["auth.finishPasskeyLogin", 500, "AUTH_RESTART", "restartNeeded"],
    ["auth.finishPasskeyLogin", 400, "CREDENTIAL_INVALID", "passkeyInvalid"],
  ] as const
) {
  Deno.test(`passkeys.signIn() says ${reason} when ${method} answers ${message}`, async () => {
    await using telegram = offline();
    const authenticator = await passkeyOf(telegram);
    await using client = clientOf(telegram);
    telegram.api.failNext(method, { code, message, times: 2 }); // it begins again once
    assertEquals(await reasonOf(() => client.passkeys.signIn(authenticator.get)), reason);
  });
}

Deno.test("passkeys.signIn() throws unsupported after a malformed question", async () => {
  await using telegram = offline();
  await using client = clientOf(telegram);
  const { api } = telegram;
  const handle = api.handle.bind(api);
  for (const data of ["{", "null", "{}", '{"publicKey":null}']) {
    api.handle = (request, caller) =>
      request._ === "auth.initPasskeyLogin"
        ? { _: "auth.passkeyLoginOptions", options: { _: "dataJSON", data } }
        : handle(request, caller);
    const ask = () => Promise.reject(new Error("asked"));
    assertEquals(await reasonOf(() => client.passkeys.signIn(ask)), "unsupported");
  }
});

Deno.test("passkeys.register() passes on ACCESS_DENIED, and reports tooFresh", async () => {
  await using telegram = offline();
  const authenticator = new Authenticator();
  await using client = clientOf(telegram);
  await client.start({ phoneNumber: PHONE, phoneCode: CODE });
  const register = () => client.passkeys.register(authenticator.create);
  const { api } = telegram;
  const denied = { code: 403, message: "ACCESS_DENIED" };
  api.failNext("account.initPasskeyRegistration", denied);
  await assertRejects(register, Error, "ACCESS_DENIED");
  const fresh = { code: 406, message: "FRESH_RESET_AUTHORISATION_FORBIDDEN" };
  api.failNext("account.initPasskeyRegistration", fresh);
  assertEquals(await reasonOf(register), "tooFresh");
  await using stranger = clientOf(telegram);
  const asStranger = () => stranger.passkeys.register(authenticator.create);
  assertEquals(await reasonOf(asStranger), "signedOut");
});

Deno.test("a passkey sign-in survives lost connections, and ends when aborted", async () => {
  await using telegram = offline();
  const authenticator = await passkeyOf(telegram);
  const { api } = telegram;
  const handle = api.handle.bind(api);
  const lost = new Set<string>();
  api.handle = (request, caller) => {
    const answer = handle(request, caller);
    if (/PasskeyLogin$/.test(request._) && !lost.has(request._)) {
      telegram.dc(caller.dcId).disconnectAll();
      lost.add(request._);
    }
    return answer;
  };
  await using client = clientOf(telegram, { retryDelay: 1 });
  assertEquals((await client.passkeys.signIn(authenticator.get)).kind, "user");
  assertEquals(lost.size, 2);
  const controller = new AbortController();
  const asking = client.passkeys.signIn(() => {
    controller.abort(new Error("enough"));
    return new Promise(() => {});
  }, { signal: controller.signal });
  await assertRejects(() => asking, Error, "enough");
});
