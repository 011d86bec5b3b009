import { assertEquals } from "./helpers/assert.ts";
import { longTest } from "./helpers/long.ts";
import { publicApi } from "./public_api.ts";

longTest("The public entries export what tests/public_api.txt says", async () => {
  const committed = await Deno.readTextFile(new URL("public_api.txt", import.meta.url));
  assertEquals(
    (await publicApi()).trimEnd(),
    committed.trimEnd(),
    "what the entries export has changed: if that is meant, write the list anew by " +
      "`deno run -A tests/public_api.ts > tests/public_api.txt`, and say so in CHANGELOG.md",
  );
});
