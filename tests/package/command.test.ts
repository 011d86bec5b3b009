/**
 * The command line, in a folder with nothing but the package.
 * Not part of `deno task test`: run by `deno task npm`, which makes the package first.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "../helpers/assert.ts";
import { installRuntimes } from "../helpers/install.ts";
import { newProject, type Project } from "../helpers/npm_project.ts";

const programs = await installRuntimes();

/** An environment in which `node`, and whatever asks for it, is the given one. */
function environment(node: string): Record<string, string> {
  const folder = node.slice(0, node.lastIndexOf("/"));
  return { PATH: `${folder}:${Deno.env.get("PATH")}`, npm_config_offline: "true", NO_COLOR: "1" };
}

/** Runs a line of shell in the project, as a person would at a prompt. */
async function shell(
  project: Project,
  line: string,
  node: string,
  input = "",
): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = new Deno.Command("sh", {
    args: ["-c", line],
    cwd: project.folder,
    env: environment(node),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  await using child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out, stderr: err };
}

for (const name of ["node22", "node26"]) {
  const node = programs[name];

  Deno.test(`cli.js demo shows a whole sign-in in ${name}`, async () => {
    using project = await newProject();
    const { code, stdout, stderr } = await shell(
      project,
      "node node_modules/@tessera/mtproto/cli.js demo",
      node,
    );
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /Read it back: "Hello!"\n[^]*Done in \d+ ms/);
  });

  Deno.test(`cli.js login asks at a pipe and prints a session string in ${name}`, async () => {
    using project = await newProject();
    const answers = "+9996622222\n22222\nhunter2\n";
    const line = "node node_modules/@tessera/mtproto/cli.js login --offline";
    const { code, stdout, stderr } = await shell(project, line, node, answers);
    assertEquals(code, 0, stderr);
    assertMatch(stdout, /^1[\w+/=-]{300,}\n$/);
    assertStringIncludes(stderr, "Signed in as ");
  });

  Deno.test(`cli.js runs its commands beside cli.js serve in ${name}`, async () => {
    using project = await newProject();
    const script = `
      cli=node_modules/@tessera/mtproto/cli.js
      node $cli serve --json > telegram.json 2> serve.log & serving=$!
      until [ -s telegram.json ] || ! kill -0 $serving; do sleep 0.1; done
      set -e
      trap 'kill -INT $serving; wait $serving' EXIT
      at="--served telegram.json"
      export TESSERA_PASSPHRASE="correct horse"
      TESSERA_SESSION=$(printf '+9996622222\\n22222\\nhunter2\\n' | node $cli login $at)
      export TESSERA_SESSION
      node $cli whoami $at
      node $cli sessions $at
      node $cli convert --to tessera-file --out me.session
      node $cli seal me.session --out sealed.session
      node $cli whoami sealed.session $at
      TESSERA_SESSION=$(node $cli convert me.session --to gramjs) node $cli whoami $at
      node $cli logout sealed.session $at
      node $cli whoami me.session $at && exit 9
      node $cli --version`;
    const { code, stdout, stderr } = await shell(project, script, node);
    assertEquals(code, 0, stderr);
    const who = /^User 2222 \(user 5000002, data center 2\)$/gm;
    assertEquals(stdout.match(who)?.length, 3, stdout);
    assertMatch(stdout, /^ +this one .*\n[^]*\ntessera \d+\.\d+\.\d+\n$/m);
    assertMatch(stderr, /^Signed out\.\n[^]*^Nobody is signed in with this session\.$/m);
  });

  Deno.test(`cli.js says what it cannot do, and ends with 2, in ${name}`, async () => {
    using project = await newProject();
    const { code, stderr } = await shell(
      project,
      "node node_modules/@tessera/mtproto/cli.js frobnicate",
      node,
    );
    assertEquals(code, 2);
    assertStringIncludes(stderr, 'Cannot run "frobnicate"');
  });
}
