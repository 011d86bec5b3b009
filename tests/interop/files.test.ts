/**
 * Files between our client and unmodified clients of others, byte for byte, in both directions: by
 * their own upload and download.
 */
import { longTest } from "../helpers/long.ts";
import { exchangeFiles } from "./file_exchanges.ts";
import { despiteUnpaddedKeys } from "./unpadded_key.ts";

/** GramJS and teleproto cannot be pointed at a second data center. */
const CLIENTS: readonly (readonly [name: string, file: string, far: boolean])[] = [
  ["mtcute", "mtcute_files.ts", true],
  ["GramJS", "gramjs_files.ts", false],
  ["teleproto", "teleproto_files.ts", false],
];

/** The others are in `deno task test:long`. */
const IN_EVERY_RUN = ["mtcute"];

for (const [name, file, far] of CLIENTS) {
  if (IN_EVERY_RUN.includes(name)) {
    Deno.test(`small files, a photo and an album go to ${name} and come back`, () =>
      despiteUnpaddedKeys(() => exchangeFiles({ file }, { far })));
  }
  longTest(
    `files of all sizes, a photo and an album go to ${name} and come back`,
    () => despiteUnpaddedKeys(() => exchangeFiles({ file }, { large: true, far })),
  );
}

const LIBRARIES = Deno.env.get("PYTHON_LIBRARIES");
const WITH_SERVICES = Deno.env.get("TESSERA_SERVICES") === "true";

if (LIBRARIES !== undefined || WITH_SERVICES) {
  Deno.test("files of all sizes, a photo and an album go to Telethon and come back", async () => {
    if (LIBRARIES === undefined) {
      throw new Error('There is no PYTHON_LIBRARIES: run eval "$(.ci/services)" before');
    }
    const env = { PYTHONPATH: `${LIBRARIES}/telethon`, PYTHONDONTWRITEBYTECODE: "1" };
    await exchangeFiles({ file: "telethon_files.py", env }, { large: true, far: true });
  });
}
