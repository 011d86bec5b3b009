/** The errors of Telegram that people meet: each says what to do, and what it names exists. */
import { RpcError } from "../../mod.ts";
import { adviceFor, KNOWN_ERRORS } from "../../src/connection/advice/mod.ts";
import { duration } from "../../src/runtime/mod.ts";
import { apiSchema } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";

function adviceOf(name: string): string {
  const advice = adviceFor(new RpcError(400, name, "messages.sendMessage"));
  assert(advice !== undefined, name);
  return advice;
}

/** A name as Telegram sends it, with a number where the text has one. */
function sent(name: string): string {
  if (name === "FILE_PART_MISSING") return "FILE_PART_3_MISSING";
  return /WAIT|DELAY|FRESH|MIGRATE|PAYMENT_REQUIRED/.test(name) ? `${name}_4` : name;
}

Deno.test("Telegram's usual errors say what to do, in whole sentences", () => {
  assert(KNOWN_ERRORS.length >= 50);
  assertEquals(new Set(KNOWN_ERRORS).size, KNOWN_ERRORS.length);
  for (const name of KNOWN_ERRORS) {
    const advice = adviceOf(sent(name));
    assert(/^[a-zA-Z].*(?:\.|number\.|session\.md\))\.?$/.test(advice), `${name}: ${advice}`);
    assert(!/undefined|NaN|\b0 seconds/.test(advice), `${name}: ${advice}`);
    assert(advice.length < 200, `${name}: ${advice.length} characters`);
  }
});

Deno.test("The methods that an advice names are in the schema", () => {
  for (const name of KNOWN_ERRORS) {
    const advice = adviceOf(sent(name));
    for (const [method] of advice.matchAll(/\b(?:channels|contacts|messages|auth)\.\w+/g)) {
      if (method === "messages.md" || advice.includes(`client.${method}`)) continue;
      assert(apiSchema().isMethod(method), `${name}: ${method}`);
    }
  }
});

Deno.test("The errors say how long to wait, where to call, and what is missing", () => {
  const cases: [name: string, says: string][] = [
    ["FLOOD_WAIT_3540", "Wait 59 minutes; error.seconds has the number."],
    ["FLOOD_WAIT_1", "Wait 1 second;"],
    ["SLOWMODE_WAIT_90", "in slow mode. Wait 90 seconds;"],
    ["FLOOD_PREMIUM_WAIT_7", "Wait 7 seconds;"],
    ["TAKEOUT_INIT_DELAY_86400", "Wait 24 hours;"],
    ["SESSION_TOO_FRESH_172800", "Wait 2 days;"],
    ["FILE_MIGRATE_4", "client.invoke(request, { dcId: 4 })"],
    ["STATS_MIGRATE_1", "{ dcId: 1 }"],
    ["FILE_PART_5_MISSING", "part 5 of the file"],
    ["ALLOW_PAYMENT_REQUIRED_10", "for 10 stars"],
  ];
  for (const [name, says] of cases) {
    const advice = adviceOf(name);
    assert(advice.includes(says), `${name}: ${advice}`);
  }
  assertEquals(adviceFor(new RpcError(400, "SOMETHING_NEW", "a.b")), undefined);
  assertEquals(adviceFor(new RpcError(400, "__proto__", "a.b")), undefined);
});

Deno.test("duration() says a time in words that people use", () => {
  const cases: [seconds: number, words: string][] = [
    [0, "0 seconds"],
    [1, "1 second"],
    [59, "59 seconds"],
    [119, "119 seconds"],
    [120, "2 minutes"],
    [121, "3 minutes"],
    [3540, "59 minutes"],
    [7199, "120 minutes"],
    [7200, "2 hours"],
    [86_400, "24 hours"],
    [172_800, "2 days"],
    [172_801, "3 days"],
  ];
  for (const [seconds, words] of cases) assertEquals(duration(seconds), words);
});
