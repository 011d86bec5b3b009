/**
 * The rows of `deno task bench`. A row is a piece of work that each library does with the same
 * inputs; all of them must come to the same result before anything is measured.
 */
import type { Inputs, Library } from "./library.ts";

/** A piece of work. */
export interface Task {
  /** Works. Its result, if it has one, is the same in every library. */
  run(): unknown;
  /** How many pieces of work one run has; 1 by default. */
  readonly pieces?: number;
  /** Returns the result for comparison, if `run` returns something else. */
  result?(): unknown;
  /** For how long it runs before, in milliseconds, if it takes engines longer to be warm. */
  readonly warmUp?: number;
}

/** A row of the table. */
export interface Row {
  readonly name: string;
  task(library: Library, inputs: Bytes, target: Inputs["target"]): Task | Promise<Task>;
}

/** Returns inputs by their names. */
export type Bytes = (name: string) => Uint8Array;

/** The sizes of messages and of pieces of a stream. */
export const SIZES: Readonly<Record<string, number>> = {
  "64 B": 64,
  "1 KiB": 1024,
  "64 KiB": 65_536,
  "512 KiB": 524_288,
};

/** The objects of the rows of TL. bench/tl_objects.ts has them. */
const OBJECTS = [
  "messages.messages",
  "updates.differenceSlice",
  "config",
  "users.userFull",
  "updateShort",
  "auth.sentCode",
];

/** The pq of published key exchanges (tests/vectors/pq.json). */
const PUBLISHED_PQ = [
  1724114033281923457n,
  3118979781119966969n,
  1470626929934143021n,
  2363612107535801713n,
];

/** The bytes of an object are those of the library's own layer. */
const layerBytes = (bytes: Bytes, { layer }: Library, name: string): Uint8Array =>
  bytes(`layer ${layer}, ${name}`);

/** Whether a library encodes an object to the bytes that it has decoded. */
export function areSame(encoded: Uint8Array, bytes: Uint8Array): boolean {
  return encoded.length === bytes.length && bytes.every((byte, i) => byte === encoded[i]);
}

/** The bytes differ from layer to layer, so each library compares its own. */
function same(encoded: Uint8Array, bytes: Uint8Array): string {
  if (areSame(encoded, bytes)) return "encodes to the bytes that it was decoded from";
  throw new Error("Cannot measure TL: it encodes to other bytes than it was decoded from");
}

const tl: readonly Row[] = OBJECTS.flatMap((name) => [
  {
    name: `TL decode, ${name}`,
    task(library, inputs) {
      const bytes = layerBytes(inputs, library, name);
      // It has decoded everything if it encodes to the same.
      const result = () => same(library.encode(library.decode(bytes)), bytes);
      return { run: () => library.decode(bytes), result };
    },
  },
  {
    name: `TL encode, ${name}`,
    task(library, inputs) {
      const bytes = layerBytes(inputs, library, name);
      const object = library.decode(bytes);
      const result = () => same(library.encode(object), bytes);
      return { run: () => library.encode(object), result };
    },
  },
]);

const messages: readonly Row[] = Object.entries(SIZES).flatMap(([size, length]) => [
  {
    name: `Message encrypt, ${size}`,
    task(library, inputs) {
      const key = { bytes: inputs("auth key"), id: inputs("auth key id") };
      const plaintext = inputs("data").slice(0, length);
      return { run: () => library.encryptMessage(key, plaintext) };
    },
  },
  {
    name: `Message decrypt, ${size}`,
    task(library, inputs) {
      const key = { bytes: inputs("auth key"), id: inputs("auth key id") };
      const packet = inputs(`packet, ${size}`);
      return { run: () => library.decryptMessage(key, packet) };
    },
  },
]);

const streams: readonly Row[] = ["64 B", "1 KiB", "64 KiB"].map((size) => ({
  name: `Obfuscated stream, ${size}`,
  task({ stream }, inputs) {
    const [key, iv] = [inputs("aes key"), inputs("aes iv").slice(16)];
    const data = inputs("data").slice(0, SIZES[size]);
    const cipher = stream(key, iv);
    return { run: () => cipher(data), result: () => stream(key, iv)(data) };
  },
}));

const kernels: readonly Row[] = [
  {
    name: "AES-256-IGE encrypt, 64 KiB",
    task(library, inputs) {
      const data = inputs("data").slice(0, 65_536);
      const [key, iv] = [inputs("aes key"), inputs("aes iv")];
      return { run: () => library.igeEncrypt(data, key, iv) };
    },
  },
  {
    name: "AES-256-IGE decrypt, 64 KiB",
    task(library, inputs) {
      const data = inputs("data").slice(0, 65_536);
      const [key, iv] = [inputs("aes key"), inputs("aes iv")];
      return { run: () => library.igeDecrypt(data, key, iv) };
    },
  },
  {
    name: "SHA-256, 64 KiB",
    task(library, inputs) {
      const data = inputs("data").slice(0, 65_536);
      return { run: () => library.sha256(data) };
    },
  },
  {
    name: "Modexp 2048 bits, random base",
    task(library, inputs) {
      const [base, exponent, modulus] = ["base", "exponent", "modulus"].map(inputs);
      return { run: () => library.modPow(base, exponent, modulus) };
    },
  },
  {
    name: "Modexp 2048 bits, base 3",
    task(library, inputs) {
      const [exponent, modulus] = ["exponent", "modulus"].map(inputs);
      const base = Uint8Array.of(3);
      return { run: () => library.modPow(base, exponent, modulus) };
    },
  },
  {
    name: "Factors of pq",
    task: (library) => ({
      run: () => PUBLISHED_PQ.map((pq) => library.factorizePq(pq)),
      pieces: PUBLISHED_PQ.length,
    }),
  },
];

/** A call runs more code than any other row. */
const CALLS_WARM_UP = 2500;

const calls: readonly Row[] = [
  {
    name: "A call, 1,000 at once",
    async task(library, _, target) {
      const call = await library.signIn(target);
      const run = async () => {
        await Promise.all(Array.from({ length: 1000 }, call));
      };
      return { run, pieces: 1000, warmUp: CALLS_WARM_UP };
    },
  },
  {
    name: "A call, 200 one by one",
    async task(library, _, target) {
      const call = await library.signIn(target);
      const run = async () => {
        for (let i = 0; i < 200; i++) await call();
      };
      return { run, pieces: 200, warmUp: CALLS_WARM_UP };
    },
  },
];

/** All rows, in the order of the table. */
export const ROWS: readonly Row[] = [...tl, ...messages, ...streams, ...kernels, ...calls];
