/** An update whose handler fails counts as consumed, also if its error ends the program. */
import { Client, SqliteSession } from "../../../mod.ts";
import { OfflineTelegram } from "../../../src/testing/mod.ts";
import { assertEquals } from "../../helpers/assert.ts";

Deno.test("an error of a handler is told when its update is saved as consumed", async () => {
  await using telegram = new OfflineTelegram();
  const folder = await Deno.makeTempDir();
  const { apiId, apiHash, clientOptions } = telegram;
  const told: string[] = [];
  const took: string[] = [];
  const run = async (text: string): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const session = new SqliteSession(`${folder}/bot`);
    const client = new Client(session, apiId, apiHash, {
      ...clientOptions,
      logger: {
        ...console,
        debug: () => {},
        info: () => {},
        warn: () => {},
        error: (line) => {
          // What is kept at this moment is what the next program begins with.
          void session.updates?.load().then((kept) => {
            told.push(`${String(line).includes("poison")} ${kept !== undefined}`);
            resolve();
          });
        },
      },
    });
    client.on("message", (message) => {
      took.push(message.text);
      throw new Error("poison");
    });
    await client.start({ botAuthToken: "777:TESTTOKEN" });
    await telegram.person("+9996621111").send("@test_777_bot", text);
    await promise;
    await client.disconnect();
  };
  await run("one");
  await run("two");
  assertEquals(took, ["one", "two"]);
  assertEquals(told, ["true true", "true true"]);
  await Deno.remove(folder, { recursive: true });
});
