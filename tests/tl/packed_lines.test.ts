import { writeOut } from "../../src/tl/abbreviations.ts";
import { Definitions } from "../../src/tl/definitions.ts";
import { API_SCHEMA } from "../../src/tl/generated/api_schema.ts";
import { PackedLines } from "../../src/tl/packed_lines.ts";
import { assert, assertEquals } from "../helpers/assert.ts";

const full = writeOut(API_SCHEMA).split("\n").slice(1);

Deno.test("PackedLines finds each line by its name, and no other", () => {
  const lines = new PackedLines(API_SCHEMA);
  let type = "";
  let isMethod = false;
  for (const line of full) {
    if (line === "---functions---") {
      isMethod = true;
      continue;
    }
    if (!line.endsWith('"')) type = line.slice(line.lastIndexOf("= ") + 2);
    const text = line.endsWith('"') ? `${line.slice(0, -1)}= ${type}` : line;
    assertEquals(lines.byName(line.slice(0, line.indexOf(" "))), { text, type, isMethod });
  }
  const foreign = ["", "inputPeer", "InputPeer", "Peer", "nothing", "// LAYER", "---functions---"];
  for (const name of [...foreign, "inputPeerSelf ", "input>Self", "\ninputPeerSelf", "send"]) {
    assertEquals(lines.byName(name), undefined, name);
  }
});

Deno.test("PackedLines finds the constructors of each type", () => {
  const lines = new PackedLines(API_SCHEMA);
  const types = new Map<string, string[]>();
  let type = "";
  for (const line of full.slice(0, full.indexOf("---functions---"))) {
    if (!line.endsWith('"')) type = line.slice(line.lastIndexOf("= ") + 2);
    types.set(type, [...types.get(type) ?? [], line.slice(0, line.indexOf(" "))]);
  }
  assert(types.size > 500);
  for (const [type, names] of types) {
    const found = lines.byType(type);
    assertEquals(found.map(({ text }) => text.slice(0, text.indexOf(" "))), names);
    assertEquals(new Set(found.map((line) => line.type)), new Set([type]));
  }
  for (const type of ["", "Peers", "eer", "Vector<User>", "X", "inputPeerSelf"]) {
    assertEquals(lines.byType(type), [], type);
  }
});

Deno.test("Definitions of a packed text are those of the text, before and after an index", () => {
  const plain = new Definitions(writeOut(API_SCHEMA));
  const packed = new Definitions(API_SCHEMA, undefined, true);
  const early = packed.byName("messages.sendMessage");
  assertEquals(packed.constructorOf("Peer", 0x59511722)?.name, "peerUser");
  assertEquals(packed.bare("peerUser").id, 0x59511722);
  assert(packed.has("user") && packed.isMethod("help.getConfig") && !packed.has("nothing"));
  assertEquals([...packed.names()], [...plain.names()]);
  assert(packed.byName("messages.sendMessage") === early);
  for (const name of plain.names()) {
    const [a, b] = [packed.byName(name), plain.byName(name)];
    assertEquals([a?.id, a?.type, a?.isMethod], [b?.id, b?.type, b?.isMethod]);
    assert(a !== undefined && packed.byId(a.id) === a);
  }
});
