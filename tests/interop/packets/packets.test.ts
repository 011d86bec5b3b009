/**
 * Our client's decisions against those of others on the same packets: which updates reach the
 * program, in which order, and which differences are asked for. differences.ts names all that
 * differs, with the reason.
 */
import { assert, assertEquals, assertNotEquals } from "../../helpers/assert.ts";
import {
  asTheyCome,
  type Difference,
  OF_MTCUTE,
  OF_TELETHON,
  WITHOUT_BOXES,
} from "./differences.ts";
import { GRAMJS, TELEPROTO } from "./gramjs_updates.ts";
import { HISTORIES } from "./histories.ts";
import { runs } from "../../helpers/long.ts";
import { MTCUTE } from "./mtcute_updates.ts";
import { OURS } from "./our_boxes.ts";
import type { Library } from "./player.ts";
import { randomHistory } from "./random_history.ts";
import { type Choices, decide, type Decisions, type History, type Recorded } from "./stage.ts";
import { telethonIn } from "./telethon_boxes.ts";

/** What a history sends to every client, whatever that asks for. */
function sent(record: readonly Recorded[]): readonly Recorded[] {
  return record.filter(({ kind }) => kind !== "answer");
}

/** Lets ours and another library play a history. Both are sent the same. */
async function playBoth(history: History, library: Library): Promise<[Decisions, Decisions]> {
  const ours = await decide(history, OURS);
  const theirs = await decide(history, library);
  assertEquals(sent(theirs.record), sent(ours.record), history.name);
  return [ours, theirs];
}

/** Asserts that a library decides as ours does, but for the differences. */
async function compare(library: Library, differences: readonly Difference[]): Promise<void> {
  const names = new Set(HISTORIES.map(({ name }) => name));
  for (const { history } of differences) assert(names.has(history), history);
  for (const history of HISTORIES) {
    const [ours, theirs] = await playBoth(history, library);
    const difference = differences.find((one) => one.history === history.name);
    const expected = difference?.theirs(choices(ours)) ?? choices(ours);
    const told = `${library.name}, ${history.name}: ${difference?.reason ?? "the same"}`;
    assertEquals(withoutContainers(choices(theirs)), expected, told);
    if (difference !== undefined) assertNotEquals(choices(ours), expected, told);
  }
}

/** Telethon hands on a difference without other updates as if it were an update. */
function withoutContainers({ got, asked }: Choices): Choices {
  const left = Object.entries(got)
    .map(([box, facts]) => [box, facts.filter((fact) => fact !== "updates")] as const)
    .filter(([, facts]) => facts.length > 0);
  return { got: Object.fromEntries(left), asked };
}

function choices({ got, asked }: Choices): Choices {
  return { got, asked };
}

Deno.test("mtcute decides as we do about the same packets, but for its faults", () =>
  compare(MTCUTE, OF_MTCUTE));

for (const library of [GRAMJS, TELEPROTO]) {
  Deno.test(`${library.name} hands the same packets on as they come, and loses some`, async () => {
    for (const history of HISTORIES) {
      const [ours, theirs] = await playBoth(history, library);
      assertEquals(choices(theirs), asTheyCome(ours.record), history.name);
      const differs = JSON.stringify(sorted(theirs.got)) !== JSON.stringify(sorted(ours.got));
      assertEquals(differs, history.name in WITHOUT_BOXES, history.name);
    }
  });
}

function sorted(got: Choices["got"]): unknown {
  return Object.entries(got).sort();
}

const LIBRARIES = Deno.env.get("PYTHON_LIBRARIES");
const WITH_SERVICES = Deno.env.get("TESSERA_SERVICES") === "true";

if (LIBRARIES !== undefined || WITH_SERVICES) {
  Deno.test("Telethon decides as we do about the same packets, but for its faults", async () => {
    if (LIBRARIES === undefined) {
      throw new Error('There is no PYTHON_LIBRARIES: run eval "$(.ci/services)" before');
    }
    await compare(telethonIn(`${LIBRARIES}/telethon`), OF_TELETHON);
  });
}

Deno.test("Every history ends with all updates, or with a gap that is told of", async () => {
  for (const history of HISTORIES) {
    const { got } = await decide(history, OURS);
    // Updates of no sequence may repeat.
    const all = Object.entries(got).filter(([box]) => box !== "none")
      .flatMap(([box, facts]) => facts.map((fact) => `${box} ${fact}`));
    assertEquals(new Set(all).size, all.length, `${history.name}: none comes twice`);
    const isTooLong = history.name.endsWith("too long");
    assertEquals(all.filter((one) => one.includes(" gap")).length, isTooLong ? 1 : 0);
  }
});

Deno.test("In random histories mtcute gets the same updates", async () => {
  for (let seed = 1; seed <= runs(5, 300); seed++) {
    const [ours, theirs] = await playBoth(randomHistory(seed), MTCUTE);
    for (const box of Object.keys(ours.got).filter((box) => box !== "none")) {
      const told = `seed ${seed}, ${box}`;
      const [mine, other] = [ours, theirs].map(({ got }) => got[box].map(withoutText));
      assertEquals(other.filter(isNew), mine.filter(isNew), told);
      assertEquals(new Set(other), new Set(mine), told);
    }
  }
});

/** The text of an edited message depends on when a client asks. */
function withoutText(fact: string): string {
  return fact.replace(/ ".*/, "");
}

/**
 * mtcute hands on the messages of a difference first, in their order. Its edits may come twice: one
 * that waits behind a gap is handed on while the slice that has it, too, is being fetched.
 */
function isNew(fact: string): boolean {
  return fact.startsWith("updateNew");
}
