import { RpcError, withAdvice } from "../../src/connection/rpc_error.ts";
import { assert, assertEquals, assertInstanceOf } from "../helpers/assert.ts";

Deno.test("RpcError.is() matches a name with its number and with the number cut off", () => {
  const error = new RpcError(303, "PHONE_MIGRATE_4", "auth.sendCode");
  assert(error.is("PHONE_MIGRATE") && error.is("PHONE_MIGRATE_4"));
  assert(!error.is("PHONE") && !error.is("PHONE_MIGRATE_5") && !error.is("USER_MIGRATE"));
  assert(new RpcError(400, "FILE_PART_5_MISSING", "upload.saveFilePart").is("FILE_PART_MISSING"));
  assertInstanceOf(error, Error);
  assertEquals(error.name, "RpcError");
});

Deno.test("RpcError has the number of a name, and seconds only for times", () => {
  const cases: [name: string, value?: number, seconds?: number][] = [
    ["FLOOD_WAIT_30", 30, 30],
    ["FLOOD_PREMIUM_WAIT_7", 7, 7],
    ["2FA_CONFIRM_WAIT_86400", 86400, 86400],
    ["TAKEOUT_INIT_DELAY_5", 5, 5],
    ["PHONE_MIGRATE_4", 4],
    ["PHONE_CODE_INVALID"],
    ["PREVIOUS_CHAT_IMPORT_ACTIVE_WAIT_5MIN"],
  ];
  for (const [name, value, seconds] of cases) {
    const error = new RpcError(420, name, "a.b");
    assertEquals([error.value, error.seconds], [value, seconds], name);
  }
});

Deno.test("RpcError's text has the call and Telegram's answer", () => {
  const error = new RpcError(400, "PHONE_CODE_INVALID", "auth.signIn");
  assertEquals(
    error.message,
    'Cannot call "auth.signIn": Telegram answered PHONE_CODE_INVALID (400)',
  );
});

Deno.test("withAdvice() adds what to do, once, and at once when it is loaded", async () => {
  const error = new RpcError(401, "AUTH_KEY_UNREGISTERED", "users.getUsers");
  const text = 'Cannot call "users.getUsers": Telegram answered AUTH_KEY_UNREGISTERED (401): ' +
    "nobody is signed in with this session. Sign in first: client.start().";
  assertEquals((await withAdvice(error)).message, text);
  const again = withAdvice(error);
  assert(again === error);
  assertEquals(error.message, text);
});

Deno.test("RpcError's text is one line without commands of a terminal, whatever comes", () => {
  const { message, errorMessage } = new RpcError(400, `A\n\x1b[2J${"B".repeat(5000)}`, "x");
  assertEquals(/^[\x20-\x7e]{1,300}$/.test(message), true);
  assertEquals(errorMessage.length, 5006);
});
