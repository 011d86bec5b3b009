/**
 * Files between our client and unmodified clients of others, byte for byte, in both directions: by
 * their own upload and download.
 */
import { longTest } from "../helpers/long.ts";
import { exchangeFiles } from "./file_exchanges.ts";
import { despiteUnpaddedKeys } from "./unpadded_key.ts";

const CLIENTS: readonly (readonly [name: string, file: string])[] = [
  ["mtcute", "mtcute_files.ts"],
  ["GramJS", "gramjs_files.ts"],
  ["teleproto", "teleproto_files.ts"],
];

/** The others are in `deno task test:long`. */
const IN_EVERY_RUN = ["mtcute", "GramJS"];

for (const [name, file] of CLIENTS) {
  if (IN_EVERY_RUN.includes(name)) {
    Deno.test(`small files, a photo and an album go to ${name} and come back`, () =>
      despiteUnpaddedKeys(() => exchangeFiles({ file })));
  }
  longTest(
    `files of all sizes, a photo and an album go to ${name} and come back`,
    () => despiteUnpaddedKeys(() => exchangeFiles({ file }, { large: true })),
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
    await exchangeFiles({ file: "telethon_files.py", env }, { large: true });
  });
}
