import deno from "../../deno.json" with { type: "json" };
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { runProgram } from "../helpers/processes.ts";
import { BOT_TOKEN } from "../helpers/sign_in_flows.ts";
import { longTest } from "../helpers/long.ts";

/** A program with a client of `telegram`, and these lines. */
function program(telegram: OfflineTelegram, options: string, lines: string): string {
  const { apiId, apiHash, dcs, webSockets, publicKeyPem } = telegram;
  return `
    import { Client, MemorySession, webSocketDial } from "@tessera/mtproto";
    import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
    const keys = [parseRsaPublicKey(${JSON.stringify(publicKeyPem)})];
    const dcs = ${JSON.stringify(dcs)}, webSockets = ${JSON.stringify(webSockets)};
    const options = ${options};
    const client = new Client(new MemorySession(), ${apiId}, "${apiHash}", options);
    const token = "${BOT_TOKEN}";
    const failed = (error) => console.log(error.name);
    ${lines}
    console.log("last line");
  `;
}

const WAYS = {
  TCP: "{ dcs, keys }",
  WebSocket: "{ dcs: webSockets, keys, dial: webSocketDial({ tls: false }), obfuscated: true }",
};

const LIVES: { what: string; lines: string; stdout: string }[] = [
  {
    what: "after it has signed in",
    lines: `await client.start({ botAuthToken: token }); await client.disconnect();`,
    stdout: "last line\n",
  },
  {
    what: "in the middle of a call",
    lines: `await client.connect();
      const me = client.getMe().catch(failed);
      await client.disconnect(); await me;`,
    stdout: "ConnectionError\nlast line\n",
  },
  {
    what: "in the middle of connecting",
    lines: `const connecting = client.connect().catch(failed);
      await client.disconnect(); await connecting;`,
    stdout: "ConnectionError\nlast line\n",
  },
  {
    what: "while a call waits out a flood",
    lines: `await client.connect();
      const nearest = client.invoke({ _: "help.getNearestDc" }).catch(failed);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await client.disconnect(); await nearest;`,
    stdout: "ConnectionError\nlast line\n",
  },
  {
    what: "with a handler, a loop and a wait for the end",
    lines: `client.on("message", () => new Promise(() => {}));
      await client.start({ botAuthToken: token });
      const loop = (async () => { for await (const _ of client.updates()); })();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await client.disconnect(); await client.closed; await loop;`,
    stdout: "last line\n",
  },
];

for (const [way, options] of Object.entries(WAYS)) {
  for (const { what, lines, stdout } of LIVES) {
    const test = way === Object.keys(WAYS)[0] ? Deno.test : longTest;
    test(`A process ends after disconnect() of a client ${what}, by ${way}`, async () => {
      await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
      telegram.api.failNext("help.getNearestDc", { code: 420, message: "FLOOD_WAIT_59" });
      const ended = await runProgram(program(telegram, options, lines));
      assertEquals(ended, { code: 0, stdout, stderr: "" });
    });
  }
}

Deno.test("A client that cannot connect lets its process end, and prints nothing", async () => {
  await using telegram = await OfflineTelegram.start();
  const options = `{ dcs: [{ id: 2, host: "127.0.0.1", port: 1 }], keys, connectionRetries: 0 }`;
  const ended = await runProgram(
    program(telegram, options, "await client.connect().catch(failed);"),
  );
  assertEquals(ended, { code: 0, stdout: "ConnectionError\nlast line\n", stderr: "" });
});

Deno.test("Importing the public entries has no effect, and lets the process end", async () => {
  const entries = Object.keys(deno.exports).map((entry) => `@tessera/mtproto${entry.slice(1)}`);
  const ended = await runProgram(entries.map((entry) => `import "${entry}";`).join("\n"));
  assertEquals(ended, { code: 0, stdout: "", stderr: "" });
});
