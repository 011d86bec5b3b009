/** The hints of the command line name no package that a registry could have. */
import { run } from "../../src/cli/mod.ts";
import { programWords } from "../../src/cli/program.ts";
import { slowly } from "../../src/cli/slow.ts";
import { RpcError, SessionError, SignInError } from "../../mod.ts";
import { assert, assertEquals, assertStringIncludes } from "../helpers/assert.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { FakeWorld } from "../helpers/fake_world.ts";

const NODE = { node: "22.12.0" };
const DENO = { node: "24.0.0", deno: "2.9.6" };

Deno.test("programWords() returns words that run this program again, and no other", () => {
  const cases: [path: string, versions: Record<string, string>, words: string][] = [
    ["/home/a/tessera/src/cli/main.ts", DENO, "deno task cli"],
    ["/p/node_modules/.bin/tessera-mtproto", NODE, "node node_modules/@tessera/mtproto/cli.js"],
    ["/p/node_modules/@tessera/mtproto/cli.js", NODE, "node node_modules/@tessera/mtproto/cli.js"],
    [
      "/p/node_modules/@tessera/mtproto/cli.js",
      { ...NODE, bun: "1.4.5" },
      "bun node_modules/@tessera/mtproto/cli.js",
    ],
    [
      "/home/a/.npm/_npx/0a/node_modules/.bin/tessera-mtproto",
      NODE,
      "node /home/a/.npm/_npx/0a/node_modules/@tessera/mtproto/cli.js",
    ],
    ["/usr/local/bin/tessera-mtproto", NODE, "tessera-mtproto"],
    ["/my folder/cli.js", NODE, 'node "/my folder/cli.js"'],
    ["C:\\p\\node_modules\\@tessera\\mtproto\\cli.js", NODE, ""],
    ["/p/test.mjs", NODE, "tessera-mtproto"],
  ];
  for (const [path, versions, words] of cases) {
    const cwd = () => path.startsWith("C:") ? "C:\\p" : "/p";
    assertEquals(
      programWords({ argv: ["node", path], versions, cwd }),
      words || "node node_modules/@tessera/mtproto/cli.js",
      path,
    );
  }
});

Deno.test("help COMMAND and --help show the same, and begin with the usage", async () => {
  for (const command of ["login", "convert", "serve"]) {
    const [help, option] = [new FakeWorld(), new FakeWorld()];
    const program = "node cli.js";
    await run(["help", command], { ...bound(help), program });
    await run([command, "--help"], { ...bound(option), program });
    assertEquals(help.printed, option.printed);
    assert(help.printed[0].startsWith(`Usage: node cli.js ${command} [`), help.printed[0]);
    assertStringIncludes(help.printed.at(-1) ?? "", "130 cancelled");
  }
  const world = new FakeWorld();
  assertEquals(await run(["help", "frobnicate"], world), 2);
  assertStringIncludes(world.noted[0], 'Cannot run "frobnicate": the command is unknown');
});

function bound(
  { print, note, ask, env }: FakeWorld,
): Pick<FakeWorld, "print" | "note" | "ask" | "env"> {
  return { print, note, ask, env };
}

Deno.test("slowly() says after a second what takes so long, at a terminal only", async () => {
  for (
    const [hasScreen, ms, expected] of [
      [true, 2000, ["Working …"]],
      [true, 500, []],
      [false, 2000, []],
    ] as const
  ) {
    const world = new FakeWorld();
    const clock = new FakeClock();
    const size = () => hasScreen ? { rows: 24, columns: 80 } : undefined;
    const done = Promise.withResolvers<number>();
    const environment = { note: world.note, ask: { ...world.ask, size } };
    const result = slowly("Working", environment, () => done.promise, clock);
    await clock.advance(ms);
    done.resolve(7);
    assertEquals([await result, world.noted], [7, [...expected]]);
  }
});

Deno.test("An error prints no field that it does not have", () => {
  for (
    const error of [
      new SessionError("Cannot"),
      new SignInError("cancelled"),
      new RpcError(400, "PHONE_NUMBER_INVALID", "auth.sendCode"),
      new SignInError("codeInvalid", { cause: new RpcError(400, "A_B", "auth.signIn") }),
    ]
  ) assert(!Deno.inspect(error).includes("undefined"), Deno.inspect(error));
});
