/**
 * Runs the tests, and prints which of them fail and how many there are:
 *
 *     deno task test         all tests, the slow ones shortened or left out: about a minute
 *     deno task test:long    all tests in full (TESSERA_LONG, see tests/helpers/long.ts)
 *     deno task test:nightly the same, and ordeals that need the machine for themselves
 *
 * Arguments are files or folders to run instead of all, and options for `deno test`, such as
 * `--filter=salt` or `--reporter=pretty`. It checks no types: `deno task check` does.
 * The tests of tests/package and tests/runtimes need the npm package, and have their own tasks.
 */

/** Many tests wait for a process or a connection, so that two of them keep one core busy. */
const JOBS_PER_CORE = 2;

/** Files of which every test is long: they would load other clients for nothing. */
const LONG_FILES = ["tests/interop/password.test.ts", "tests/interop/qr.test.ts"];

const isNightly = Deno.args[0] === "--nightly";
const isLong = Deno.args[0] === "--long" || isNightly;
const args = Deno.args.slice(isLong ? 1 : 0);
const options = args.filter((arg) => arg.startsWith("--"));
const places = args.filter((arg) => !arg.startsWith("--"));
const ignored = ["tests/package", "tests/runtimes", ...(isLong || places.length ? [] : LONG_FILES)];

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
    ...options,
    `--ignore=${ignored}`,
    ...(places.length > 0 ? places : ["tests/"]),
  ],
  env: {
    DENO_JOBS: String(JOBS_PER_CORE * navigator.hardwareConcurrency),
    NO_COLOR: "1",
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
Deno.exit((await tests.status).code);
