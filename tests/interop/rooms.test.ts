/**
 * Unmodified clients of others in a supergroup of the offline Telegram: they receive and answer,
 * also each other, and fetch what they missed.
 */
import { assert, assertEquals } from "../helpers/assert.ts";
import { type Member, openRoom } from "./rooms.ts";
import { despiteUnpaddedKeys } from "./unpadded_key.ts";

const MTCUTE: Member = { file: "mtcute_room.ts", phone: "+9996611111" };
const GRAMJS: Member = { file: "gramjs_room.ts", phone: "+9996622222" };
const BOT: Member = { file: "mtcute_room.ts" };

Deno.test("mtcute, GramJS and a bot receive and answer in a supergroup; mtcute fetches a gap", () =>
  despiteUnpaddedKeys(async () => {
    await using room = await openRoom([MTCUTE, GRAMJS, BOT]);
    const { telegram, leader, group, calls } = room;
    assertEquals(await room.ask("ping 1", 3), [
      "GramJS: ping 1",
      "mtcute: ping 1",
      "mtcute: ping 1",
    ]);

    // The first packet of a message is that to mtcute.
    telegram.dc().makeTrouble({ kind: "dropUpdate" });
    calls.length = 0;
    assertEquals(await room.ask("ping 2", 2), ["GramJS: ping 2", "mtcute: ping 2"]);
    assertEquals(await room.ask("ping 3", 4), [
      "GramJS: ping 3",
      "mtcute: ping 2",
      "mtcute: ping 3",
      "mtcute: ping 3",
    ]);
    assert(calls.includes("updates.getChannelDifference"));

    const all = await room.stop();
    for (const received of all) {
      const pings = received.filter((text) => /^ping \d/.test(text));
      assertEquals(pings, ["ping 1", "ping 2", "ping 3"]);
    }
    const [ofMtcute, ofGramJs] = all;
    assert(ofMtcute.includes("GramJS: ping 1") && ofGramJs.includes("mtcute: ping 1"));
    const texts = (await leader.history(group)).map(({ text }) => text);
    assert(texts.includes("GramJS: ping 3"));
  }));

const LIBRARIES = Deno.env.get("PYTHON_LIBRARIES");
const WITH_SERVICES = Deno.env.get("TESSERA_SERVICES") === "true";

if (LIBRARIES !== undefined || WITH_SERVICES) {
  Deno.test("Telethon receives and answers in a supergroup, and fetches a gap", async () => {
    if (LIBRARIES === undefined) {
      throw new Error('There is no PYTHON_LIBRARIES: run eval "$(.ci/services)" before');
    }
    const env = { PYTHONPATH: `${LIBRARIES}/telethon`, PYTHONDONTWRITEBYTECODE: "1" };
    const telethon: Member = { file: "telethon_room.py", phone: "+9996633333", env };
    await using room = await openRoom([telethon]);
    assertEquals(await room.ask("ping 1", 1), ["Telethon: ping 1"]);
    room.telegram.dc().makeTrouble({ kind: "dropUpdate" });
    room.calls.length = 0;
    await room.ask("ping 2", 0);
    assertEquals(await room.ask("ping 3", 2), ["Telethon: ping 2", "Telethon: ping 3"]);
    assert(room.calls.includes("updates.getChannelDifference"));
    const [received] = await room.stop();
    assertEquals(received.slice(-3), ["ping 1", "ping 2", "ping 3"]);
  });
}
