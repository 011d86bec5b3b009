/** The text in which a session keeps the state of the updates. */
import { formatUpdatesState, parseUpdatesState } from "../../src/updates/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { START } from "./boxes_world.ts";

const TEXT = formatUpdatesState(START, 1n);

function reasonFor(text: string, self = 1n): string {
  const parsed = parseUpdatesState(text, self);
  assert("refused" in parsed, `${text} is taken`);
  return parsed.refused;
}

Deno.test("a state is read as it was written", () => {
  const states = [
    START,
    { pts: 0, qts: 0, date: 0, seq: 0, channels: new Map() },
    {
      ...START,
      pts: 2 ** 31 - 1,
      channels: new Map([
        [2n ** 63n - 1n, { pts: 2 ** 31 - 1, behind: true, newest: 2 ** 31 - 1 }],
      ]),
    },
  ];
  for (const state of states) {
    assertEquals(parseUpdatesState(formatUpdatesState(state, 1n), 1n), { state });
  }
});

Deno.test("the state of another account is refused", () => {
  assertEquals(reasonFor(TEXT, 2n), "it belongs to another account");
});

Deno.test("a state that is cut off is refused, wherever it is cut", () => {
  for (let length = 0; length < TEXT.length; length++) reasonFor(TEXT.slice(0, length));
});

Deno.test("a damaged state is refused, with a reason that does not repeat it", () => {
  const damage = (fields: Record<string, unknown>): string =>
    JSON.stringify({ ...JSON.parse(TEXT), ...fields });
  const texts = [
    "null",
    "[]",
    "7",
    "{}",
    damage({ version: 2 }),
    damage({ self: 1 }),
    damage({ pts: "100" }),
    damage({ pts: -1 }),
    damage({ pts: 0.5 }),
    damage({ pts: 2 ** 31 }),
    damage({ qts: null }),
    damage({ date: undefined }),
    damage({ seq: true }),
    damage({ channels: {} }),
    damage({ channels: [["7", 20]] }),
    damage({ channels: [["07", 20, 0]] }),
    damage({ channels: [["-7", 20, 0]] }),
    damage({ channels: [[7, 20, 0]] }),
    damage({ channels: [["7", -1, 0]] }),
    damage({ channels: [["7", 20, 2]] }),
    damage({ channels: [["7", 20, 0, -1]] }),
    damage({ channels: [["7", 20, 0, "1"]] }),
    damage({ channels: [["7", 20, 0, 1, 1]] }),
    damage({ channels: [["9999999999999999999", 20, 0]] }),
    damage({ channels: [["7", 20, 0], ["7", 21, 0]] }),
    damage({ channels: Array.from({ length: 100_001 }, (_, index) => [`${index + 1}`, 1, 0]) }),
  ];
  for (const text of texts) assert(reasonFor(text).length < 60);
});
