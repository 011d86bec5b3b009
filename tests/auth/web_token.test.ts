import { SignInError } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { clientOf, CODE, PASSWORD, PHONE, PHONE_WITH_PASSWORD } from "../helpers/sign_in_flows.ts";

Deno.test("webTokenSignIn() signs in with a web token, once", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  const token = telegram.api.webToken(PHONE);
  const user = await client.webTokenSignIn(token);
  assert(user.kind === "user");
  assertEquals((await client.getMe())?.id, user.id);
  await using other = clientOf(telegram);
  const error = await assertRejects(() => other.webTokenSignIn(token), SignInError);
  assertEquals(error.reason, "webTokenExpired");
});

Deno.test("webTokenSignIn() asks for the password, and moves to the data center", async () => {
  const account = { phone: PHONE_WITH_PASSWORD, code: CODE, password: PASSWORD, dcId: 4 };
  await using telegram = new OfflineTelegram({ dcs: [2, 4], accounts: [account] });
  await using client = clientOf(telegram);
  const outcome = await client.webTokenSignIn(telegram.api.webToken(PHONE_WITH_PASSWORD));
  assert(outcome.kind === "password");
  assertEquals((await client.checkPassword(outcome, PASSWORD)).kind, "user");
  assertEquals(client.session.state.dcId, 4);
});

Deno.test("webTokenSignIn() reports errors, and survives a lost connection", async () => {
  await using telegram = new OfflineTelegram();
  await using client = clientOf(telegram);
  const { api } = telegram;
  api.failNext("auth.importWebTokenAuthorization", { code: 400, message: "API_ID_INVALID" });
  const error = await assertRejects(() => client.webTokenSignIn("x"), SignInError);
  assertEquals(error.reason, "apiIdInvalid");
  const handle = api.handle.bind(api);
  let isLost = false;
  api.handle = (request, caller) => {
    const answer = handle(request, caller);
    if (!isLost) telegram.dc().disconnectAll();
    isLost = true;
    return answer;
  };
  assertEquals((await client.webTokenSignIn(api.webToken(PHONE))).kind, "user");
});
