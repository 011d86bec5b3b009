/**
 * Tests full disks and forbidden files in processes of their own. A namespace mounts a small disk
 * in memory; the other process drops root's exemption from permissions. With TESSERA_SERVICES both
 * must be possible.
 */

import { assert, assertMatch } from "../helpers/assert.ts";
import { LOCK } from "../helpers/lock.ts";

/** Whether a program is here, and does that without a complaint. */
async function runs(program: string, args: string[]): Promise<boolean> {
  try {
    const command = new Deno.Command(program, { args, stdout: "null", stderr: "null" });
    return (await command.output()).success;
  } catch {
    return false; // it is not here
  }
}

/** Runs a file of tests by a shell script, in which it is `"$@"`, and its folder $PLACE. */
async function passes(
  script: string,
  file: string,
  count: number,
  prefix: string[] = [],
): Promise<void> {
  const place = await Deno.makeTempDir();
  const path = new URL(file, import.meta.url).pathname;
  const [program, ...args] = [...prefix, "sh", "-c", script, "sh", Deno.execPath()];
  const { stdout, stderr } = await new Deno.Command(program, {
    args: [...args, "test", "-A", "--no-check", LOCK, path],
    env: { PLACE: place, NO_COLOR: "1" },
  }).output();
  const [said, warned] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertMatch(said, new RegExp(`ok \\| ${count} passed \\| 0 failed`), said + warned);
  await Deno.remove(place, { recursive: true });
}

// What makes root exempt.
const BOUNDS = ["--bounding-set", "-dac_override,-dac_read_search,-fowner"];

const canMount = await runs("unshare", ["-rm", "true"]);
const isRoot = Deno.build.os !== "windows" && Deno.uid() === 0;
const canBeRefused = isRoot
  ? await runs("setpriv", [...BOUNDS, "true"])
  : Deno.build.os !== "windows";
const isAsked = Deno.env.get("TESSERA_SERVICES") === "true";

if (canMount || isAsked) {
  Deno.test("Sessions and exports survive a disk that is full", async () => {
    assert(canMount, "unshare is not allowed here");
    const mount = 'mount -t tmpfs -o size=1m none "$PLACE"';
    await passes(`${mount} && exec "$@"`, "full_disk.ts", 4, ["unshare", "-rm"]);
  });
}

if (canBeRefused || isAsked) {
  Deno.test("Sessions and exports survive folders and files that may not be touched", async () => {
    await passes(
      'exec "$@"',
      "no_permission.ts",
      isRoot ? 7 : 5,
      isRoot ? ["setpriv", ...BOUNDS] : [],
    );
  });
}
