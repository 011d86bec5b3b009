/**
 * `deno task bench`: measures the kernels, the TL codec and whole calls, and those of mtcute and
 * GramJS, interleaved in one run. Prints the median of each, and the time of the others divided by
 * ours. It compares all results before it measures.
 */
import { authKeyId, bytesToHex } from "../src/crypto/mod.ts";
import { startServe } from "../tests/interop/processes.ts";
import type { Contender, SignedIn } from "./contender.ts";
import { gramjs } from "./gramjs.ts";
import { mtcute } from "./mtcute.ts";
import { measure } from "./rounds.ts";
import { tessera } from "./tessera.ts";
import { TL_OBJECTS } from "./tl_objects.ts";

const contenders = [tessera, mtcute, gramjs];

/** One line of the table. */
interface Row {
  name: string;
  /** The bytes of a call: the row is in MB/s. Without it, the row is in time per call. */
  bytes?: number;
  run(contender: Contender): unknown;
  /** The libraries that can do it; all by default. */
  contenders?: readonly Contender[];
}

function random(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i += 65536) crypto.getRandomValues(bytes.subarray(i, i + 65536));
  return bytes;
}

const key = random(32);
const iv = random(32);
const authKeyBytes = random(256);
const authKey = { bytes: authKeyBytes, id: authKeyId(authKeyBytes) };
const block = random(65536);

function igeRows(): Row[] {
  return [
    { name: "AES-256-IGE encrypt, 64 KiB", bytes: 65536, run: (c) => c.igeEncrypt(block, key, iv) },
    { name: "AES-256-IGE decrypt, 64 KiB", bytes: 65536, run: (c) => c.igeDecrypt(block, key, iv) },
    { name: "SHA-256, 64 KiB", bytes: 65536, run: (c) => c.sha256(block) },
  ];
}

async function messageRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [size, name] of [[64, "64 B"], [256, "256 B"], [1024, "1 KiB"], [65536, "64 KiB"]]) {
    const plaintext = random(Number(size));
    const packet = await tessera.encryptMessage(authKey, plaintext);
    rows.push(
      { name: `Message encrypt, ${name}`, run: (c) => c.encryptMessage(authKey, plaintext) },
      { name: `Message decrypt, ${name}`, run: (c) => c.decryptMessage(authKey, packet) },
    );
  }
  return rows;
}

/** The pq of published key exchanges (tests/vectors/pq.json). */
const PUBLISHED_PQ = [
  1724114033281923457n,
  3118979781119966969n,
  1470626929934143021n,
  2363612107535801713n,
];

function numberRows(): Row[] {
  const [base, exponent, modulus] = [random(256), random(256), random(256)];
  base[0] = 0;
  modulus[0] |= 0x80;
  modulus[255] |= 1;
  const three = Uint8Array.of(3);
  return [
    { name: "Modexp 2048 bits, random base", run: (c) => c.modPow(base, exponent, modulus) },
    { name: "Modexp 2048 bits, base 3", run: (c) => c.modPow(three, exponent, modulus) },
    {
      name: `pq, all ${PUBLISHED_PQ.length} published`,
      run: (c) => PUBLISHED_PQ.map((pq) => c.factorizePq(pq)),
    },
  ];
}

/**
 * Returns the libraries that can decode an object, each with its own object from the same bytes.
 * Each must encode its object to these bytes again.
 */
function tlRows(): Row[] {
  const able = contenders.filter(({ tl }) => tl !== undefined);
  return [...TL_OBJECTS].flatMap(([name, object]) => {
    const bytes = tessera.tl?.encode(object) ?? block;
    const own = new Map(able.map((contender) => [contender, contender.tl?.decode(bytes)]));
    return [
      { name: `TL decode, ${name}`, contenders: able, run: (c: Contender) => c.tl?.decode(bytes) },
      {
        name: `TL encode, ${name}`,
        contenders: able,
        run: (c: Contender) => c.tl?.encode(own.get(c)),
      },
    ];
  });
}

/**
 * Calls over loopback TCP, by clients that are signed in to an offline Telegram in another process.
 */
function callRows(clients: ReadonlyMap<Contender, SignedIn>): Row[] {
  const call = (contender: Contender): unknown => clients.get(contender)?.call();
  return [
    {
      name: "200 calls one by one",
      run: async (c) => {
        for (let i = 0; i < 200; i++) await call(c);
      },
    },
    {
      name: "1,000 calls at once",
      run: async (c) => {
        await Promise.all(Array.from({ length: 1000 }, () => call(c)));
      },
    },
  ];
}

function show(value: unknown): string {
  return value instanceof Uint8Array ? bytesToHex(value) : String(value);
}

async function compareResults(row: Row, able: readonly Contender[]): Promise<void> {
  const [expected, ...others] = await Promise.all(able.map((contender) => row.run(contender)));
  for (const [i, other] of others.entries()) {
    if (show(other) !== show(expected)) {
      throw new Error(`Cannot compare "${row.name}": ${able[i + 1].name} has other results`);
    }
  }
}

function format({ bytes }: Row, milliseconds: number): string {
  if (bytes !== undefined) return `${(bytes / 1000 / milliseconds).toFixed(0)} MB/s`;
  if (milliseconds < 1) return `${(1000 * milliseconds).toFixed(1)} µs`;
  return `${milliseconds.toFixed(2)} ms`;
}

function line(cells: string[]): string {
  return cells.map((cell, i) => i === 0 ? cell.padEnd(36) : cell.padStart(12)).join("");
}

function print(text: string): void {
  // deno-lint-ignore no-console
  console.log(text);
}

const { deno, v8 } = Deno.version;
print(`Deno ${deno}, V8 ${v8}. Medians; "x" is how many times as long as tessera.\n`);
const [, ...others] = contenders.map(({ name }) => name);
print(line(["", "tessera", ...others.flatMap((name) => [name, "x"])]));

await using server = await startServe();
const clients = new Map<Contender, SignedIn>();
for (const contender of contenders) clients.set(contender, await contender.signIn(server.target));
const rows = [
  ...igeRows(),
  ...await messageRows(),
  ...numberRows(),
  ...tlRows(),
  ...callRows(clients),
];
for (const row of rows) {
  const able = row.contenders ?? contenders;
  await compareResults(row, able);
  const times = await measure(able.map((contender) => () => row.run(contender)));
  const [ours, ...theirs] = contenders.map((contender) => times[able.indexOf(contender)]);
  const cells = theirs.flatMap((time) =>
    time === undefined ? ["-", "-"] : [format(row, time), (time / ours).toFixed(1)]
  );
  print(line([row.name, format(row, ours), ...cells]));
}
for (const client of clients.values()) await client.close();
