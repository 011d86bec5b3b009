import { botSignIn, getMe, isAuthorized, SignInError, signOut } from "../../src/auth/mod.ts";
import { RpcError } from "../../src/connection/mod.ts";
import { assertEquals, assertRejects } from "../helpers/assert.ts";
import {
  ADA,
  assertNoSecret,
  BOT,
  BOT_TOKEN,
  type Line,
  play,
  refusal,
  type ScriptedTelegram,
  signedIn,
} from "../helpers/scripted_telegram.ts";

const ASK_ME = { id: [{ _: "inputUserSelf" }] };
const meIs = (answer: unknown): Line => ["users.getUsers", ASK_ME, answer];
const importBot = (answer: unknown): Line => [
  "auth.importBotAuthorization",
  { flags: 0, apiId: 12345, botAuthToken: BOT_TOKEN },
  answer,
];

function knowBot(telegram: ScriptedTelegram, id = 777n): void {
  telegram.session.state.user = { id, isBot: true, username: "a_bot", dcId: 2 };
}

Deno.test("isAuthorized() is true when Telegram answers, and false only on code 401", async () => {
  const state = { _: "updates.state", pts: 1, qts: 1, date: 1, seq: 1, unreadCount: 0 };
  assertEquals(await play([["updates.getState", {}, state]], isAuthorized), true);
  for (const name of ["AUTH_KEY_UNREGISTERED", "SESSION_REVOKED", "SESSION_PASSWORD_NEEDED"]) {
    const isIn = await play([["updates.getState", {}, refusal(401, name)]], isAuthorized);
    assertEquals(isIn, false);
  }
});

Deno.test("isAuthorized() throws any other error, as it says nothing about it", async () => {
  const failures = [
    refusal(500, "INTERNAL"),
    refusal(400, "CONNECTION_NOT_INITED"),
    new TypeError("no network"),
  ];
  for (const failure of failures) {
    const error = await play(
      [["updates.getState", {}, failure]],
      (telegram) => assertRejects(() => isAuthorized(telegram)),
    );
    assertEquals(error === failure, true);
  }
  const duplicated = refusal(406, "AUTH_KEY_DUPLICATED");
  const error = await play(
    [["updates.getState", {}, duplicated]],
    (telegram) => assertRejects(() => isAuthorized(telegram), SignInError, "two places at once"),
  );
  assertEquals(error.reason, "authKeyDuplicated");
});

Deno.test("getMe() stores the user once, and returns nothing when signed out", async () => {
  await play([meIs([ADA]), meIs([ADA])], async (telegram) => {
    assertEquals((await getMe(telegram))?.firstName, "Ada");
    await getMe(telegram);
    assertEquals(telegram.session.state.user, { id: 42n, isBot: false, username: "ada", dcId: 2 });
    assertEquals(telegram.saved.length, 1);
  });
  assertEquals(await play([meIs(refusal(401, "AUTH_KEY_UNREGISTERED"))], getMe), undefined);
  assertEquals(await play([meIs([{ _: "userEmpty", id: 0n }])], getMe), undefined);
  assertEquals(await play([meIs([])], getMe), undefined);
  await play(
    [meIs(refusal(500, "INTERNAL"))],
    (telegram) => assertRejects(() => getMe(telegram), RpcError),
  );
});

Deno.test("getMe() forgets a user whom the key of the home does not have", async () => {
  const ask = async (name: string, homeDcId = 2): Promise<bigint | undefined> =>
    await play([meIs(refusal(401, name))], async (telegram) => {
      knowBot(telegram);
      telegram.session.state.dcId = homeDcId;
      assertEquals(await getMe(telegram), undefined);
      return telegram.session.state.user?.id;
    });
  assertEquals(await ask("AUTH_KEY_UNREGISTERED"), undefined);
  assertEquals(await ask("AUTH_KEY_PERM_EMPTY"), 777n);
  assertEquals(await ask("AUTH_KEY_UNREGISTERED", 4), 777n);
});

Deno.test("getMe() follows Telegram to the data center of the user", async () => {
  const moved = meIs(refusal(303, "USER_MIGRATE_4"));
  await play([moved, ["moveHome", 4], meIs([ADA])], async (telegram) => {
    await getMe(telegram);
    assertEquals(telegram.session.state.user?.dcId, 4);
  });
});

Deno.test("botSignIn() takes one call, and keeps the session", async () => {
  await play([importBot(signedIn(BOT))], async (telegram) => {
    const user = await botSignIn(telegram, ` ${BOT_TOKEN}\n`);
    assertEquals([user.id, user.isBot], [777n, true]);
    assertEquals(telegram.session.state.user, {
      id: 777n,
      isBot: true,
      username: "a_bot",
      dcId: 2,
    });
    assertEquals(telegram.saved.length, 1);
  });
});

Deno.test("botSignIn() follows Telegram to the bot's data center", async () => {
  await play(
    [importBot(refusal(303, "USER_MIGRATE_4")), ["moveHome", 4], importBot(signedIn(BOT))],
    async (telegram) => {
      await botSignIn(telegram, BOT_TOKEN);
      assertEquals(telegram.session.state.user?.dcId, 4);
    },
  );
});

Deno.test("botSignIn() does not sign in again as the bot that is signed in", async () => {
  await play([meIs([BOT])], async (telegram) => {
    knowBot(telegram);
    assertEquals((await botSignIn(telegram, BOT_TOKEN)).id, 777n);
    assertEquals(telegram.saved.length, 0);
  });
  const signedOut = meIs(refusal(401, "SESSION_REVOKED"));
  await play([signedOut, importBot(signedIn(BOT))], (telegram) => {
    knowBot(telegram);
    return botSignIn(telegram, BOT_TOKEN);
  });
  await play([importBot(signedIn(BOT))], (telegram) => {
    knowBot(telegram, 778n);
    return botSignIn(telegram, BOT_TOKEN);
  });
});

Deno.test("botSignIn() fails when Telegram returns no user", async () => {
  const nobody = importBot({ _: "auth.authorization", user: { _: "userEmpty", id: 777n } });
  const error = await play(
    [nobody],
    (telegram) => assertRejects(() => botSignIn(telegram, BOT_TOKEN), SignInError),
  );
  assertEquals(error.reason, "unsupported");
});

Deno.test("botSignIn() reports a wrong token, and sends no malformed token", async () => {
  for (const token of ["", "777", "777:", ":TEST", "abc:def", "+9996621111", "777:TEST TOKEN"]) {
    const error = await play(
      [],
      (telegram) => assertRejects(() => botSignIn(telegram, token), SignInError, "@BotFather"),
    );
    assertEquals(error.reason, "botTokenInvalid");
  }
  for (const name of ["ACCESS_TOKEN_INVALID", "ACCESS_TOKEN_EXPIRED"]) {
    const error = await play(
      [importBot(refusal(400, name))],
      (telegram) =>
        assertRejects(
          () => botSignIn(telegram, BOT_TOKEN),
          SignInError,
          "Cannot sign in as a bot: ",
        ),
    );
    assertEquals([error.reason, error.errorMessage], ["botTokenInvalid", name]);
    assertNoSecret([error]);
  }
  const flood = await play(
    [importBot(refusal(420, "FLOOD_WAIT_1500"))],
    (telegram) => assertRejects(() => botSignIn(telegram, BOT_TOKEN), SignInError),
  );
  assertEquals([flood.reason, flood.seconds], ["flood", 1500]);
});

Deno.test("signOut() removes the user, also when Telegram forgot the session", async () => {
  for (const answer of [{ _: "auth.loggedOut" }, refusal(401, "AUTH_KEY_UNREGISTERED")]) {
    await play([["auth.logOut", {}, answer]], async (telegram) => {
      knowBot(telegram);
      telegram.session.state.updates = { pts: 1, qts: 1, date: 1, seq: 1 };
      await signOut(telegram);
      const { user, updates } = telegram.session.state;
      assertEquals([user, updates, telegram.saved.length], [undefined, undefined, 1]);
    });
  }
});

Deno.test("signOut() keeps the user when Telegram could not be told", async () => {
  await play([["auth.logOut", {}, refusal(500, "INTERNAL")]], async (telegram) => {
    knowBot(telegram);
    await assertRejects(() => signOut(telegram), RpcError, "INTERNAL");
    assertEquals(telegram.session.state.user?.id, 777n);
  });
});
