import { generate } from "../../tools/generate_tl.ts";
import type { Api } from "../../src/tl/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";

Deno.test("src/tl/generated equals a new run of `deno task tl`", async () => {
  const files = await generate();
  assertEquals([...files.keys()].sort(), [
    "api.ts",
    "api_schema.ts",
    "decoders.ts",
    "mtproto_schema.ts",
  ]);
  for (const [name, text] of files) {
    const url = new URL(`../../src/tl/generated/${name}`, import.meta.url);
    assert(Deno.readTextFileSync(url) === text, `${name} is out of date: run \`deno task tl\``);
  }
});

Deno.test("every constructor, type and method of Api links to its page at Telegram", async () => {
  const text = (await generate()).get("api.ts") ?? "";
  const links = [...text.matchAll(/\/\*\* (?:TL type )?\[([\w.]+)\]\(([^)]+)\)/g)];
  const pages = links.map(([, name, link]) => {
    const [, kind, page] = /^https:\/\/core\.telegram\.org\/(\w+)\/(.+)$/.exec(link) ?? [];
    assertEquals(page, name);
    return kind;
  });
  const count = (kind: string): number => pages.filter((other) => other === kind).length;
  assertEquals(count("constructor"), text.match(/^ *_: "/gm)?.length);
  assertEquals(count("method"), text.match(/^ {2}"[\w.]+": \{$/gm)?.length);
  assertEquals(count("type"), text.match(/\/\*\* TL type/g)?.length);
});

Deno.test("Api has the types of constructors, of TL types and of methods", () => {
  // What matters here is that this passes `deno check`.
  const invoke = <M extends keyof Api.Methods>(
    request: { _: M } & Api.Methods[M]["params"],
  ): Api.Methods[M]["result"] | undefined => void request;

  const sent: Api.auth.SentCode | undefined = invoke({
    _: "auth.sendCode",
    phoneNumber: "+9996621111",
    apiId: 1,
    apiHash: "",
    settings: { _: "codeSettings", currentNumber: true },
  });
  if (sent?._ === "auth.sentCode" && sent.type._ === "auth.sentCodeTypeApp") {
    const length: number = sent.type.length;
    assert(length);
  }
  const users: Api.User[] | undefined = invoke({
    _: "users.getUsers",
    id: [{ _: "inputUserSelf" }, { _: "inputUser", userId: 1n, accessHash: 2n }],
  });
  const ids: bigint[] | undefined = users?.map(({ id }) => id);
  const anything: unknown = invoke({
    _: "invokeWithLayer",
    layer: 1,
    query: { _: "help.getConfig" },
  });
  const done: boolean | undefined = invoke({ _: "account.updateStatus", offline: true });
  const full: Api.users.UserFull | undefined = invoke({
    _: "users.getFullUser",
    id: { _: "inputUserSelf" },
  });
  const about: string | undefined = full?.fullUser.about;
  assertEquals([sent, ids, anything, done, about], Array(5).fill(undefined));

  // @ts-expect-error: there is no such constructor
  invoke({ _: "users.getUsers", id: [{ _: "inputUserNobody" }] });
  // @ts-expect-error: the message is missing; its randomId may be left out
  invoke({ _: "messages.sendMessage", peer: { _: "inputPeerSelf" } });
  // @ts-expect-error: a long is a bigint
  invoke({ _: "messages.getMessages", id: [{ _: "inputMessageID", id: 1n }] });
});
