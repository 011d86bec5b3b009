import { type ClientOptions, type TransportName, webSocketDial } from "../../mod.ts";
import { byteByByte, type Chunking, type Dial, pipe, randomChunks } from "../../src/net/mod.ts";
import { OfflineTelegram, type OfflineTelegramOptions } from "../../src/testing/mod.ts";
import { assert } from "../helpers/assert.ts";
import { sameRandom } from "../helpers/remembered_powers.ts";
import { FLOWS, liveThrough } from "../helpers/sign_in_flows.ts";

/** The options with which a client asks for a transport, and what the server must detect it as. */
const TRANSPORTS: { name: TransportName; obfuscated: boolean; detected: string }[] = [
  { name: "abridged", obfuscated: false, detected: "abridged" },
  { name: "abridged", obfuscated: true, detected: "obfuscated abridged" },
  { name: "intermediate", obfuscated: false, detected: "intermediate" },
  { name: "intermediate", obfuscated: true, detected: "obfuscated intermediate" },
  { name: "padded", obfuscated: false, detected: "padded" },
  { name: "padded", obfuscated: true, detected: "obfuscated padded" },
  { name: "full", obfuscated: false, detected: "full" },
];

/** An offline Telegram, and how a client gets to it. */
interface Way {
  start(options: OfflineTelegramOptions): Promise<OfflineTelegram>;
  options(telegram: OfflineTelegram): ClientOptions;
}

function inMemory(newChunking: () => Chunking): Way {
  return {
    start: (given) => Promise.resolve(new OfflineTelegram(given)),
    options: (telegram) => ({ dial: chunkedDial(telegram, newChunking) }),
  };
}

/** As the offline Telegram's own dial, with every write cut into pieces. */
function chunkedDial(telegram: OfflineTelegram, newChunking: () => Chunking): Dial {
  return (address) => {
    const [client, server] = pipe({ chunk: newChunking() });
    void telegram.dc(address.dcId).serve(server);
    return Promise.resolve(client);
  };
}

const WAYS: Record<string, Way> = {
  "by TCP": {
    start: (given) => OfflineTelegram.start(given),
    options: ({ dcs }) => ({ dcs, dial: undefined }),
  },
  "by WebSocket": {
    start: (given) => OfflineTelegram.start({ ...given, webSocketPort: 0 }),
    options: ({ webSockets }) => ({ dcs: webSockets, dial: webSocketDial({ tls: false }) }),
  },
  "byte by byte": inMemory(() => byteByByte),
  "in random chunks": inMemory(() => randomChunks(20260731)),
};

for (const [way, { start, options }] of Object.entries(WAYS)) {
  for (const { name, obfuscated, detected } of TRANSPORTS) {
    for (const [who, flow] of Object.entries(FLOWS)) {
      Deno.test(`Client signs in as ${who} and comes back, ${detected}, ${way}`, async () => {
        const seen = new Set<string>();
        const random = sameRandom();
        await using telegram = await start({
          onPacket: ({ transport }) => seen.add(transport),
          random: random.server,
        });
        const clientOptions = { ...options(telegram), random: random.client };
        await liveThrough(telegram, { ...clientOptions, transport: name, obfuscated }, flow);
        assert(seen.size === 1 && seen.has(detected), `expected ${detected}, got ${[...seen]}`);
      });
    }
  }
}
