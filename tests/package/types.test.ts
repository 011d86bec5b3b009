/**
 * The types of the npm package: what "go to definition" finds in an editor, and whether they hold
 * in a project that has no types of the web. Not part of `deno task test`: run by `deno task npm`.
 */
import { mapDeclarations, webTypesIn } from "../../tools/npm/declarations.ts";
import { encodeMappings } from "../../tools/npm/source_map.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { installRuntimes, installTools, run } from "../helpers/install.ts";
import { newProject } from "../helpers/npm_project.ts";

const ROOT = new URL("../../", import.meta.url);
const runtimes = await installRuntimes();
const tools = await installTools();

/** Names as a program uses them, and the line of the source that declares each. */
const PROGRAM = `
import { Client, md, RpcError, StringSession } from "@tessera/mtproto";
import { sha256 } from "@tessera/mtproto/crypto";
import { OfflineTelegram } from "@tessera/mtproto/testing";
import type { KeyValueStore } from "@tessera/mtproto/stores";

const telegram = new OfflineTelegram();
const client = new Client(new StringSession(), 1, "", telegram.clientOptions);
await client.sendMessage("me", md\`Hello\`);
client.session;
client.download;
new RpcError(400, "", "").seconds;
sha256;
export type { KeyValueStore };
`;

const DEFINITIONS: readonly (readonly [use: string, file: string, line: string])[] = [
  ["Client,", "src/client/client.ts", "export class Client<"],
  ["Client(", "src/client/client.ts", "export class Client<"],
  ["sendMessage", "src/client/client.ts", "  sendMessage("],
  ["download", "src/client/client.ts", "  download("],
  ["session;", "src/client/client.ts", "  readonly session"],
  ["clientOptions", "src/testing/offline_telegram.ts", "  get clientOptions("],
  ["OfflineTelegram(", "src/testing/offline_telegram.ts", "export class OfflineTelegram "],
  ["StringSession(", "src/session/string_session.ts", "export class StringSession "],
  ["seconds", "src/connection/rpc_error.ts", "  declare readonly seconds"],
  ["KeyValueStore }", "src/session/key_value_store.ts", "export interface KeyValueStore"],
];

/** A place as an editor names it: lines and columns from 1. */
interface Place {
  readonly line: number;
  readonly offset: number;
}

interface Definition {
  readonly file: string;
  readonly start: Place;
  readonly end: Place;
}

/** Asks TypeScript's language server for the definitions of places in a file, as an editor does. */
async function definitionsAt(file: string, places: readonly Place[]): Promise<Definition[][]> {
  const requests = [
    { command: "open", arguments: { file } },
    ...places.map((place) => ({ command: "definition", arguments: { file, ...place } })),
  ].map((request, seq) => `${JSON.stringify({ type: "request", seq, ...request })}\n`);
  const args = [`${tools}typescript/lib/tsserver.js`, "--disableAutomaticTypingAcquisition"];
  const command = new Deno.Command(runtimes.node22, { args, stdin: "piped", stdout: "piped" });
  await using server = command.spawn();
  const writer = server.stdin.getWriter();
  await writer.write(new TextEncoder().encode(requests.join("")));
  let text = "";
  let answers: { command: string; body: Definition[] }[] = [];
  for await (const chunk of server.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const lines = text.split("\n").slice(0, -1).filter((line) => line.startsWith("{"));
    answers = lines.map((line) => JSON.parse(line)).filter(({ type, command }) =>
      type === "response" && command === "definition"
    );
    if (answers.length === places.length) break;
  }
  await writer.close();
  return answers.map(({ body }) => body);
}

/** The place of the last use of a name in a text. */
function placeOf(use: string, text: string): Place {
  const lines = text.slice(0, text.lastIndexOf(use)).split("\n");
  return { line: lines.length, offset: lines[lines.length - 1].length + 1 };
}

Deno.test("Go to definition ends in the source, on the line that declares the name", async () => {
  using project = await newProject();
  const compilerOptions = { module: "nodenext", strict: true };
  await project.write("tsconfig.json", JSON.stringify({ compilerOptions }));
  const file = await project.write("main.ts", PROGRAM);
  const found = await definitionsAt(file, DEFINITIONS.map(([use]) => placeOf(use, PROGRAM)));
  assertEquals(found.length, DEFINITIONS.length);
  for (const [n, [use, path, line]] of DEFINITIONS.entries()) {
    const definition = found[n].find(({ file }) => file.endsWith(".ts"));
    assert(definition !== undefined, `nothing is found for ${use}`);
    assertEquals(definition.file, `${project.package}sources/${path}`, use);
    const text = await Deno.readTextFile(new URL(path, ROOT));
    const declared = text.split("\n")[definition.start.line - 1];
    assertEquals(declared.slice(0, line.length), line);
  }
});

Deno.test("A declaration is found by its path: overloads, getters and nested fields", () => {
  const source = [
    "// a comment that the declarations lack",
    "export class A {",
    "  #hidden = 1;",
    "  same(a: string): void;",
    "  same(a: number): void;",
    "  same(): void {}",
    "  get b(): { c: number } { return { c: 1 }; }",
    "}",
    "export const c: number = 1;",
  ].join("\n");
  const types = [
    "export declare class A {",
    "  #private;",
    "  same(a: string): void;",
    "  same(a: number): void;",
    "  get b(): { c: number };",
    "}",
    "export declare const c: number;",
  ].join("\n");
  const at = (line: number, column: number, sourceLine: number, sourceColumn: number) => ({
    line,
    column,
    sourceLine,
    sourceColumn,
  });
  assertEquals(
    mapDeclarations(types, source),
    encodeMappings([
      at(0, 0, 1, 0),
      at(0, 21, 1, 13),
      at(2, 2, 3, 2),
      at(3, 2, 4, 2),
      at(4, 2, 6, 2),
      at(4, 6, 6, 6),
      at(4, 13, 6, 13),
      at(6, 21, 8, 13),
    ]),
  );
});

Deno.test("Only types of the web that a file does not declare are imported", () => {
  const names = (text: string): string[] => webTypesIn("a.d.ts", text);
  assertEquals(names("export declare function f(a: URL): ReadableStream<Blob>;"), [
    "Blob",
    "ReadableStream",
    "URL",
  ]);
  assertEquals(names("/** A URL. */ export interface File { URL: File }"), []);
  assertEquals(names('import type { Blob } from "./a.js"; export type A = Blob;'), []);
  assertEquals(names("export interface A extends Blob {}"), ["Blob"]);
});

/** What a program without the types of the web can do: nothing of them is `any`. */
const BARE = `
import { Client, type FileSource, RpcError, StringSession } from "@tessera/mtproto";
import type * as api from "@tessera/mtproto/api";
import type * as cli from "@tessera/mtproto/cli";
import type * as convert from "@tessera/mtproto/convert";
import type * as hashes from "@tessera/mtproto/crypto";
import type * as stores from "@tessera/mtproto/stores";
import type * as testing from "@tessera/mtproto/testing";
import type * as text from "@tessera/mtproto/text";
import type * as tl from "@tessera/mtproto/tl";
export type All = [
  api.Config, typeof cli, typeof convert, typeof hashes, typeof stores, typeof testing,
  typeof text, typeof tl,
];
const client = new Client(new StringSession(), 1, "hash");
const stream = client.download({} as Parameters<Client["download"]>[0]);
const read: { done: boolean; value?: Uint8Array } = await stream.getReader().read();
// @ts-expect-error a number is no source of bytes
const none: FileSource = 5;
// @ts-expect-error a signal is no text
await client.invoke({ _: "help.getConfig" }, { signal: "text" });
export { none, read, RpcError };
`;

/** What a program with the types of the web can do: they are those of its library. */
const WEB = `
import { Client, type FileSource, StringSession } from "@tessera/mtproto";
const client = new Client(new StringSession(), 1, "hash");
const media = {} as Parameters<Client["download"]>[0];
export const stream: ReadableStream<Uint8Array> = client.download(media);
export const sources: FileSource[] = [
  new Blob([]),
  new URL("https://example.com/"),
  new ReadableStream<Uint8Array>(),
  new Response("text"),
];
export const { signal }: { signal: AbortSignal } = new AbortController();
await client.invoke({ _: "help.getConfig" }, { signal });
`;

/** A library of TypeScript, types of the runtime, and a program that must hold with them. */
const PROJECTS: readonly (readonly [lib: string[], types: string[], program: string])[] = [
  [["es2022"], [], BARE],
  [["es2020"], [], BARE],
  [["es2022"], ["node"], WEB],
  [["es2022", "dom", "dom.iterable"], [], WEB],
  [["es2022", "webworker"], [], WEB],
];

for (const [typescript, program] of [["5.9", "typescript/bin/tsc"], ["7", "typescript7/bin/tsc"]]) {
  for (const [lib, types, text] of PROJECTS) {
    const given = [...lib, ...types.map((name) => `@types/${name}`)].join(", ");
    Deno.test(`The types hold in TypeScript ${typescript} with ${given} alone`, async () => {
      using project = await newProject();
      const compilerOptions = {
        ...{ noEmit: true, strict: true, skipLibCheck: false, module: "nodenext" },
        ...{ target: lib[0] === "es2020" ? "es2022" : lib[0], lib, types },
        typeRoots: [`${tools}@types`],
      };
      await project.write("main.ts", text);
      await project.write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["main.ts"] }));
      await run(runtimes.node22, [tools + program, "-p", "."], { cwd: project.folder });
    });
  }
}
