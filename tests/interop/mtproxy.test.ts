/**
 * Clients by others sign in through `serve --mtproxy`: mtcute with each kind of secret, Telethon
 * with the two that it knows. They are told no other address that anybody answers at.
 */
import { assertEquals } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { greeting, type Outcome } from "./clients/target.ts";
import { type ClientProgram, runClient, startServe } from "./processes.ts";
import { despiteUnpaddedKeys } from "./unpadded_key.ts";

/** Documentation has this address, and nobody else: RFC 5737. */
const NOBODY = { host: "192.0.2.1", port: 443 };

async function through(kind: string, program: ClientProgram): Promise<readonly Outcome[]> {
  await using serve = await startServe(`--mtproxy=${kind}`);
  const [dc] = serve.target.dcs;
  return await runClient(program, { ...serve.target, dcs: [{ ...dc, ...NOBODY }] });
}

for (const kind of ["plain", "dd", "ee"]) {
  // One of them in every run: it is fake TLS.
  const add = kind === "ee" ? Deno.test : longTest;
  add(
    `mtcute signs in through our MTProxy with a ${kind} secret`,
    () =>
      despiteUnpaddedKeys(async () => {
        const outcomes = await through(kind, { file: "mtcute.ts" });
        assertEquals(outcomes.map(({ flow }) => flow), ["bot", "code", "password"]);
        for (const { transport, id, restoredId, history } of outcomes) {
          assertEquals([transport, restoredId], ["through an MTProxy", id]);
          if (history !== undefined) assertEquals(history, [greeting("mtcute")]);
        }
      }),
  );
}

const LIBRARIES = Deno.env.get("PYTHON_LIBRARIES");

if (LIBRARIES !== undefined || Deno.env.get("TESSERA_SERVICES") === "true") {
  for (
    const [kind, transports] of [
      ["plain", ["ConnectionTcpMTProxyIntermediate", "ConnectionTcpMTProxyAbridged"]],
      ["dd", ["ConnectionTcpMTProxyRandomizedIntermediate"]],
    ] as const
  ) {
    Deno.test(`Telethon signs in through our MTProxy with a ${kind} secret`, async () => {
      if (LIBRARIES === undefined) {
        throw new Error('There is no PYTHON_LIBRARIES: run eval "$(.ci/services)" before');
      }
      const env = { PYTHONPATH: `${LIBRARIES}/telethon`, PYTHONDONTWRITEBYTECODE: "1" };
      const outcomes = await through(kind, { file: "telethon_mtproxy.py", env });
      assertEquals(outcomes.map(({ transport }) => transport), [...transports]);
      for (const { id, restoredId, history } of outcomes) {
        assertEquals([restoredId, history], [id, ["Hello from Telethon!"]]);
      }
    });
  }
}
