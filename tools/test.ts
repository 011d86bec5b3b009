/**
 * Runs the tests, and prints which of them fail and how many there are:
 *
 *     deno task test         all tests, the slow ones shortened or left out: under a minute
 *     deno task test:long    all tests in full (TESSERA_LONG, see tests/helpers/long.ts)
 *     deno task test:nightly the same, and ordeals that need the machine for themselves
 *
 * Arguments are files or folders to run instead of all, and options for `deno test`, such as
 * `--filter=salt` or `--reporter=pretty`. It checks no types: `deno task check` does. The tests of
 * tests/package and tests/runtimes need the npm package, tests/site the built site: they have their
 * own tasks.
 */

import { statfsSync } from "node:fs";

/** Many tests wait for a process or a connection, so that two of them keep one core busy. */
const JOBS_PER_CORE = 2;

/** Files of which every test is long: they would load other clients for nothing. */
const LONG_FILES = [
  "tests/interop/cdn.test.ts",
  "tests/interop/password.test.ts",
  "tests/interop/qr.test.ts",
  "tests/interop/temporary_keys.test.ts",
];

/** Starting a file takes longer than most files: so many share a start. */
const FILES_PER_START = 20;

/** Folders that start by themselves: helpers/quick_powers.ts leaves their numbers as they are. */
const UNMIXED = ["crypto", "session"];

/**
 * Folders and files that need a process as it is: the others may have replaced the slow functions
 * for themselves (helpers/quick_*.ts, helpers/remembered_powers.ts), or add to the steps that a
 * test counts. The first ones mostly wait for other processes: all others run meanwhile.
 */
const APART = [
  "tests/session/two_programs.test.ts",
  "tests/net/proxies/isolated.test.ts",
  "tests/session/lease.test.ts",
  "tests/cli",
  "tests/auth/tokens/several_processes.test.ts",
  "tests/crypto/srp.test.ts",
  "tests/interop",
  "tests/messages/text/hostile.test.ts",
  "tests/session/sealing.test.ts",
];

/** The long tests that take longest: they are the first, so that no core waits for them. */
const LONGEST = ["tests/simulation/", "tests/session/", "tests/soak/"];

/**
 * Where Linux keeps files in memory, and how many bytes must be free there. The temporary files of
 * `deno task test` are there, since stores wait long for a disk. The long tests use the disk.
 */
const IN_MEMORY = "/dev/shm";
const ROOM = 1 << 29;

const isNightly = Deno.args[0] === "--nightly";
const isLong = Deno.args[0] === "--long" || isNightly;
const args = Deno.args.slice(isLong ? 1 : 0);
const options = args.filter((arg) => arg.startsWith("--"));
const places = args.filter((arg) => !arg.startsWith("--"));
const isShortAndWhole = !isLong && places.length === 0;
const ignored = [
  "tests/package",
  "tests/runtimes",
  "tests/site",
  ...(isShortAndWhole ? LONG_FILES : []),
];

/** Returns the files of tests in a folder, and in the folders in it. */
function* filesIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (ignored.includes(path)) continue;
    if (isDirectory) yield* filesIn(path);
    else if (name.endsWith(".test.ts")) yield path;
  }
}

/**
 * Writes files that import one or several files of tests each, and returns their paths. They are in
 * one folder: Deno runs folders in an order of its own, and the files of one as they are given.
 */
function sharedStarts(into: string): string[] {
  const isIn = (place: string) => (path: string): boolean =>
    path === place || path.startsWith(`${place}/`);
  const groupOf = (path: string): string =>
    UNMIXED.find((folder) => isIn(`tests/${folder}`)(path)) ?? "mixed";
  const all = [...filesIn("tests")].sort();
  const apart = APART.flatMap((place) => all.filter(isIn(place)));
  const shared = Map.groupBy(all.filter((path) => !apart.includes(path)), groupOf);
  const starts = apart.map((file) => [file]);
  for (const files of shared.values()) {
    for (let at = 0; at < files.length; at += FILES_PER_START) {
      starts.push(files.slice(at, at + FILES_PER_START));
    }
  }
  return starts.map((files, index) => {
    const imports = files.map((file) =>
      `import ${JSON.stringify(new URL(`../${file}`, import.meta.url).href)};\n`
    );
    const start = `${into}/${index}.${groupOf(files[0])}.test.ts`;
    Deno.writeTextFileSync(start, imports.join(""));
    return start;
  });
}

/** Whether temporary files have room in memory. */
function hasRoomInMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return bavail * bsize >= ROOM;
  } catch {
    return false; // another system
  }
}

/** Returns the paths of the long tests. */
function longestFirst(): string[] {
  const all = [...filesIn("tests")].sort();
  const first = LONGEST.flatMap((folder) => all.filter((path) => path.startsWith(folder)));
  return [...first, ...all.filter((path) => !first.includes(path))];
}

const place = !isLong && hasRoomInMemory() ? { dir: IN_MEMORY } : {};
const folder = Deno.makeTempDirSync({ ...place, prefix: "tessera-tests-" });
const paths = places.length > 0 ? places : isLong ? longestFirst() : sharedStarts(folder);

const tests = new Deno.Command(Deno.execPath(), {
  args: [
    "test",
    "-A",
    "--no-check",
    "--quiet",
    "--parallel",
    ...(options.some((option) => option.startsWith("--reporter")) ? [] : ["--reporter=dot"]),
    "--lock=tests/deno.lock",
    "--preload=tests/helpers/secret_watcher.ts",
    ...(isLong ? [] : ["--preload=tests/helpers/quick_powers.ts"]),
    `--ignore=${ignored}`,
    ...options,
    ...paths,
  ],
  env: {
    DENO_JOBS: String(JOBS_PER_CORE * navigator.hardwareConcurrency),
    NO_COLOR: "1",
    TMPDIR: folder,
    ...(isLong ? { TESSERA_LONG: "true" } : {}),
    ...(isNightly ? { TESSERA_NIGHTLY: "true" } : {}),
  },
  stdout: "piped",
}).spawn();

// The reporter writes the dot of each test that passes on a line of its own: they are left out.
let rest = "";
for await (const chunk of tests.stdout.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop() ?? "";
  const kept = lines.filter((line) => line !== ".").map((line) => `${line}\n`).join("");
  await Deno.stdout.write(new TextEncoder().encode(kept));
}
await Deno.stdout.write(new TextEncoder().encode(rest));
const { code } = await tests.status;
Deno.removeSync(folder, { recursive: true });
Deno.exit(code);
