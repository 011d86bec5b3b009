/**
 * Signs in to `serve` with unmodified clients from npm: as a bot, and as a user with a code, with
 * and without a password. This proves that the offline Telegram speaks the real protocol. Each file
 * in clients/ says how its client is pointed at a server.
 */

import { assert, assertEquals } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { greeting } from "./clients/target.ts";
import { runClient, startServe } from "./processes.ts";
import { tap } from "./tap.ts";
import { despiteUnpaddedKeys } from "./unpadded_key.ts";

interface Client {
  readonly name: string;
  readonly file: string;
  readonly layer: number;
  readonly transports: readonly string[];
}

const CLIENTS: readonly Client[] = [
  {
    name: "GramJS",
    file: "gramjs.ts",
    layer: 198,
    transports: ["full", "abridged", "obfuscated abridged"],
  },
  { name: "teleproto", file: "teleproto.ts", layer: 214, transports: ["abridged", "full"] },
  {
    name: "mtcute",
    file: "mtcute.ts",
    layer: 227,
    transports: ["intermediate", "obfuscated intermediate", "obfuscated padded"],
  },
  {
    name: "@mtproto/core",
    file: "mtproto_core.ts",
    layer: 158,
    transports: ["obfuscated intermediate"],
  },
];

/** The others are in `deno task test:long`. */
const IN_EVERY_RUN = ["GramJS"];

for (const { name, file, layer, transports } of CLIENTS) {
  const add = IN_EVERY_RUN.includes(name) ? Deno.test : longTest;
  add(
    `${name} signs in to serve as a bot, with a code, and with a password, and comes back without`,
    () =>
      despiteUnpaddedKeys(async () => {
        await using serve = await startServe();
        const [dc] = serve.target.dcs;
        await using wire = tap(dc.port);
        const outcomes = await runClient({ file }, {
          ...serve.target,
          dcs: [{ ...dc, port: wire.port }],
        });

        assertEquals(outcomes.map(({ flow }) => flow), ["bot", "code", "password"]);
        const [bot, ...people] = outcomes;
        assert(bot.isBot);
        assertEquals(bot.id, serve.target.bots[0].token.split(":")[0]);
        for (const { isBot, history } of people) {
          assert(!isBot);
          assertEquals(history, [greeting(name)]);
        }
        assertEquals(new Set(outcomes.map(({ id }) => id)).size, 3);
        for (const { id, restoredId } of outcomes) assertEquals(restoredId, id);
        for (const outcome of outcomes) assertEquals(outcome.layer, layer);
        assertEquals([...wire.transports], transports);
      }),
  );
}

Deno.test("between them, the clients speak full, abridged, intermediate and obfuscated", () => {
  const spoken = CLIENTS.flatMap(({ transports }) => transports);
  for (const name of ["full", "abridged", "intermediate"]) assert(spoken.includes(name), name);
  assert(spoken.some((name) => name.startsWith("obfuscated")));
});
