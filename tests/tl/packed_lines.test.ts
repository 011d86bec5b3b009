import { writeOut } from "../../src/tl/abbreviations.ts";
import { Definitions } from "../../src/tl/definitions.ts";
import { API_SCHEMA } from "../../src/tl/generated/api_schema.ts";
import { PackedLines } from "../../src/tl/packed_lines.ts";
import { assert, assertEquals } from "../helpers/assert.ts";

interface Line {
  readonly name: string;
  readonly text: string;
  readonly type: string;
  readonly isMethod: boolean;
}

/** The lines of the whole text, with the types that the marks at their ends stand for. */
const full: readonly Line[] = readLines(writeOut(API_SCHEMA).split("\n").slice(1));

function readLines(lines: readonly string[]): Line[] {
  const methods = lines.indexOf("---functions---");
  let type = "";
  return lines.map((line, index) => {
    const name = line.slice(0, line.indexOf(" "));
    const mark = /["']$|= \S+$/.exec(line)?.[0] ?? "";
    if (mark === "'") type = name.replace(/(^|\.)(\w)(?=\w*$)/, (own) => own.toUpperCase());
    else if (mark !== '"') type = mark.slice("= ".length);
    const text = `${line.slice(0, line.length - mark.length)}= ${type}`;
    return { name, text, type, isMethod: index > methods };
  }).filter((_, index) => index !== methods);
}

Deno.test("PackedLines finds each line by its name, and no other", () => {
  const lines = new PackedLines(API_SCHEMA);
  for (const { name, ...line } of full) assertEquals(lines.byName(name), line);
  const foreign = ["", "inputPeer", "InputPeer", "Peer", "nothing", "// LAYER", "---functions---"];
  for (const name of [...foreign, "inputPeerSelf ", "input>Self", "\ninputPeerSelf", "send"]) {
    assertEquals(lines.byName(name), undefined, name);
  }
});

Deno.test("PackedLines finds the constructors of each type", () => {
  const lines = new PackedLines(API_SCHEMA);
  const types = Map.groupBy(full.filter(({ isMethod }) => !isMethod), ({ type }) => type);
  assert(types.size > 500);
  for (const [type, constructors] of types) {
    assertEquals(lines.byType(type), constructors.map(({ name: _, ...line }) => line));
  }
  for (
    const type of ["", "Peers", "eer", "Vector<User>", "X", "inputPeerSelf", "botApp", "User2"]
  ) {
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
