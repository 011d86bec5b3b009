/**
 * A bot in a process: it tells a person that it is ready, and echoes until it is told to stop. It
 * does not end the process: that it lives until then, and ends by itself, is part of the test.
 */
import { newClient } from "./scenario.ts";

const { process } = globalThis as unknown as { process: { argv: string[] } };
const [setting, person] = process.argv.slice(2);
const client = newClient(JSON.parse(setting));
client.on("message", async (message) => {
  await message.reply(message.text);
  if (message.text === "/stop") await client.disconnect();
});
await client.start({ botAuthToken: "777:TESTTOKEN" });
await client.sendMessage(BigInt(person), "ready");
await client.closed;
// deno-lint-ignore no-console
console.log("closed");
