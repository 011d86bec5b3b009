/**
 * A DcConnection and its addresses: what it tells of them, and which it tries next.
 */
import { AddressList, type DcAddresses } from "../../src/connection/mod.ts";
import { type Address, ConnectionError, type Dial, pipe } from "../../src/net/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { Harness, says } from "../helpers/connection_harness.ts";

const HOSTS = ["a", "b", "c"];
/** The transport error -429, as the abridged transport carries it. */
const FLOOD = Uint8Array.of(1, 0x53, 0xfe, 0xff, 0xff);

interface Told {
  readonly harness: Harness;
  /** What the connection did and told, in order. */
  readonly told: string[];
}

/** A connection with three addresses; `detour` opens one instead of the offline Telegram. */
function connected(detour: (host: string, attempt: number) => ReturnType<Dial> | undefined): Told {
  const told: string[] = [];
  let attempt = 0;
  const list = new AddressList({
    dcId: 2,
    known: () => HOSTS.map((host) => ({ host, port: 443 })),
  });
  const addresses: DcAddresses = {
    candidates: (now) => list.candidates(now),
    worked(address: Address) {
      told.push(`${address.host} worked`);
      list.worked(address);
    },
    failed(address: Address, now) {
      told.push(`${address.host} failed`);
      list.failed(address, now);
    },
  };
  const harness: Harness = new Harness({
    connection: {
      addresses,
      dial: ({ host }) => {
        told.push(host);
        return detour(host, attempt++) ?? harness.open();
      },
    },
  });
  return { harness, told };
}

const refused = (): Promise<never> => Promise.reject(new ConnectionError("refused"));

Deno.test("a connection tells which address worked, once an answer came over it", async () => {
  const { harness, told } = connected((host) => host === "a" ? refused() : undefined);
  await using _ = harness;
  await harness.connection.connect();
  assertEquals(told, ["a", "a failed", "b"]);
  await harness.call();
  await harness.call();
  assertEquals(told, ["a", "a failed", "b", "b worked"]);
  harness.cut();
  await harness.call();
  assertEquals(told.slice(4), ["b", "b worked"], "it is not to blame for a lost connection");
});

Deno.test("an address over which no answer came has failed", async () => {
  const { harness, told } = connected((host) => {
    if (host !== "a") return undefined;
    const [client, server] = pipe();
    server.close();
    return Promise.resolve(client);
  });
  await using _ = harness;
  const call = harness.call();
  await harness.clock.advance(1200);
  await call;
  assertEquals(told, ["a", "a failed", "b", "b worked"]);
});

Deno.test("all addresses that are dialled in vain until the time-out have failed", async () => {
  const { harness, told } = connected((_, attempt) =>
    attempt < 3 ? new Promise(() => {}) : undefined
  );
  await using _ = harness;
  const call = harness.call();
  await harness.clock.advance(11_200);
  await call;
  assertEquals(told.slice(0, 6), ["a", "b", "c", "a failed", "b failed", "c failed"]);
  assertEquals(told.slice(6), ["a", "a worked"]);
});

Deno.test("an address that answers with a transport error is not to blame", async () => {
  const { harness, told } = connected((_, attempt) => attempt === 0 ? says(FLOOD) : undefined);
  await using _ = harness;
  const call = harness.call();
  await harness.clock.advance(1200);
  await call;
  assertEquals(told, ["a", "a", "a worked"]);
});

Deno.test("close() during a race tells nothing, and leaves nothing behind", async () => {
  const { harness, told } = connected(() => new Promise(() => {}));
  const call = harness.call();
  await harness.clock.advance(300);
  const failed = assertRejects(() => call, ConnectionError, "disconnected");
  await harness[Symbol.asyncDispose]();
  await failed;
  assertEquals([told, harness.clock.sleepers], [["a", "b"], 0]);
  assert(!harness.connection.connected);
});
