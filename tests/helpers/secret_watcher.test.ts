import { assertEquals, assertMatch } from "./assert.ts";
import { LOCK } from "./lock.ts";

Deno.test("secret_watcher.ts fails each test that shows a secret, or could", async () => {
  const [watcher, tests] = ["secret_watcher.ts", "secret_watcher_program.ts"].map((name) =>
    new URL(name, import.meta.url).pathname
  );
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", LOCK, `--preload=${watcher}`, tests],
    env: { NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout);
  assertMatch(said, /nothing leaks \.\.\. ok/, said);
  assertMatch(said, /FAILED \| 1 passed \| 8 failed/, said);
  assertEquals(said.match(/error: Error: It shows a secret/g)?.length, 8);
});
