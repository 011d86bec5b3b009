/**
 * Our transports against those of two other libraries: GramJS (npm `telegram`) for abridged, full,
 * obfuscated and MTProxy; mtcute (npm `@mtcute/core`) for intermediate and padded, plain,
 * obfuscated and with a proxy's secret.
 */
import { Buffer } from "node:buffer";
import { createCipheriv, createHash } from "node:crypto";
import "telegram/network/index.js"; // before its parts, which import each other in a circle
import {
  ConnectionTCPAbridged,
  ConnectionTCPFull,
  ConnectionTCPObfuscated,
} from "telegram/network/connection/index.js";
import { ConnectionTCPMTProxyAbridged } from "telegram/network/connection/TCPMTProxy.js";
import {
  IntermediatePacketCodec,
  ObfuscatedPacketCodec,
  PaddedIntermediatePacketCodec,
  TransportError as MtcuteTransportError,
} from "@mtcute/core";
import { bytesToHex, concatBytes } from "../../src/crypto/mod.ts";
import { pipe, randomChunks } from "../../src/net/mod.ts";
import { acceptTransport, intermediate, type ServerTransport } from "../../src/transport/mod.ts";
import { assert, assertEquals, assertRejects } from "../helpers/assert.ts";
import { seededRandom } from "../helpers/seeded_random.ts";

const random = seededRandom(77);
const SECRET = seededRandom(78)(16);
const LENGTHS = [20, 24, 40, 504, 508, 512, 1020, 65536, 300_000];

/** The part of GramJS's connections that the tests use. */
interface GramJsConnection {
  connect(): Promise<void>;
  send(payload: Uint8Array): Promise<void>;
  recv(): Promise<Uint8Array>;
  disconnect(): Promise<void>;
}
type GramJsConnectionClass = new (options: object) => GramJsConnection;

/** Makes a socket for GramJS over a pipe; `serve` gets the other end. */
function gramJsSocket(serve: (chunk: Uint8Array) => Uint8Array) {
  const [ours, theirs] = pipe({ chunk: randomChunks(3, 5000) });
  (async () => {
    while (true) {
      const chunk = await theirs.read();
      if (chunk === undefined) return;
      await theirs.write(serve(chunk));
    }
  })();
  return class {
    #unread: Uint8Array = new Uint8Array(0);
    connect(): Promise<void> {
      return Promise.resolve();
    }
    write(bytes: Uint8Array): void {
      ours.write(new Uint8Array(bytes));
    }
    async readExactly(length: number): Promise<Buffer> {
      while (this.#unread.length < length) {
        const chunk = await ours.read();
        if (chunk === undefined) throw new Error("closed");
        this.#unread = concatBytes(this.#unread, chunk);
      }
      const read = this.#unread.slice(0, length);
      this.#unread = this.#unread.slice(length);
      return Buffer.from(read);
    }
    read(length: number): Promise<Buffer> {
      return this.readExactly(length);
    }
    close(): void {
      ours.close();
    }
  };
}

const GRAMJS: [name: string, connectionClass: unknown, detected: string, secret?: Uint8Array][] = [
  ["abridged", ConnectionTCPAbridged, "abridged"],
  ["full", ConnectionTCPFull, "full"],
  ["obfuscated", ConnectionTCPObfuscated, "obfuscated abridged"],
  ["MTProxy", ConnectionTCPMTProxyAbridged, "obfuscated abridged", SECRET],
];

for (const [name, connectionClass, detected, secret] of GRAMJS) {
  Deno.test(`GramJS, ${name}: our server reads its packets, and it reads ours`, async () => {
    const server: ServerTransport = acceptTransport({ random, secret });
    const silent = (): void => {};
    const connection = new (connectionClass as GramJsConnectionClass)({
      ip: "127.0.0.1",
      port: 80,
      dcId: 4,
      loggers: { debug: silent, info: silent, warn: silent, error: silent },
      proxy: secret && { ip: "127.0.0.1", port: 80, MTProxy: true, secret: bytesToHex(secret) },
      socket: gramJsSocket((chunk) =>
        concatBytes(
          ...server.receive(chunk).map(({ payload, quickAck }) => {
            assert(!quickAck);
            return server.pack(payload);
          }),
        )
      ),
      testServers: false,
    });
    await connection.connect();
    for (const length of LENGTHS) {
      const payload = random(length);
      await connection.send(Buffer.from(payload));
      assertEquals(new Uint8Array(await connection.recv()), payload);
    }
    assertEquals(server.name, detected);
    if (secret) assertEquals(server.dcId, 4);
    await connection.disconnect();
  });
}

/** The part of mtcute's codecs that the tests use. */
interface MtcuteCodec {
  setup?(crypto: unknown, log: unknown): void;
  tag(): Uint8Array | Promise<Uint8Array>;
  encode(payload: Uint8Array, into: MtcuteSink): void | Promise<void>;
  decode(from: MtcuteSource, eof: boolean): Uint8Array | null | Promise<Uint8Array | null>;
}

class MtcuteSink {
  readonly parts: Uint8Array[] = [];
  writeSync(length: number): Uint8Array {
    const part = new Uint8Array(length);
    this.parts.push(part);
    return part;
  }
  disposeWriteSync(): void {}
}

class MtcuteSource {
  #bytes: Uint8Array = new Uint8Array(0);
  #position = 0;
  push(chunk: Uint8Array): void {
    this.#bytes = concatBytes(this.#bytes, chunk);
  }
  get available(): number {
    return this.#bytes.length - this.#position;
  }
  readSync(length: number): Uint8Array {
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }
  rewind(length: number): void {
    this.#position -= length;
  }
}

/** The cryptography of mtcute's platform, from OpenSSL. */
const mtcuteCrypto = {
  randomBytes: random,
  randomFill: (into: Uint8Array): void => into.set(random(into.length)),
  sha256: (bytes: Uint8Array): Uint8Array =>
    new Uint8Array(createHash("sha256").update(bytes).digest()),
  createAesCtr: (key: Uint8Array, iv: Uint8Array) => {
    const cipher = createCipheriv("aes-256-ctr", key, iv);
    return { process: (bytes: Uint8Array) => new Uint8Array(cipher.update(bytes)), close() {} };
  },
};

const PROXY = { dcId: 2, secret: SECRET, test: true, media: true };
const MTCUTE: [name: string, make: () => object, detected: string, padding: number][] = [
  ["intermediate", () => new IntermediatePacketCodec(), "intermediate", 0],
  ["padded", () => new PaddedIntermediatePacketCodec(), "padded", 15],
  [
    "obfuscated intermediate",
    () => new ObfuscatedPacketCodec(new IntermediatePacketCodec()),
    "obfuscated intermediate",
    0,
  ],
  [
    "obfuscated padded with a secret",
    () => new ObfuscatedPacketCodec(new PaddedIntermediatePacketCodec(), PROXY),
    "obfuscated padded",
    15,
  ],
];

for (const [name, make, detected, padding] of MTCUTE) {
  const secret = name.includes("secret") ? SECRET : undefined;
  const newCodec = (): MtcuteCodec => {
    const codec = make() as MtcuteCodec;
    codec.setup?.(mtcuteCrypto, undefined);
    return codec;
  };

  Deno.test(`mtcute, ${name}: our server reads its packets, and it reads ours`, async () => {
    const codec = newCodec();
    const server = acceptTransport({ random, secret });
    assertEquals(server.receive(await codec.tag()), []);
    assertEquals(server.name, detected);
    if (secret) assertEquals(server.dcId, -10002);
    const source = new MtcuteSource();
    for (const length of LENGTHS) {
      const payload = random(length);
      const sink = new MtcuteSink();
      await codec.encode(payload, sink);
      const [received] = server.receive(concatBytes(...sink.parts));
      assertEquals(received.payload.slice(0, length), payload);
      assert(received.payload.length - length <= padding);

      source.push(server.pack(payload));
      const answered = await codec.decode(source, false);
      assert(answered);
      assertEquals(answered.slice(0, length), payload);
      assert(answered.length - length <= Math.min(padding, 3));
    }
  });

  Deno.test(`mtcute, ${name}: it understands our transport errors`, async () => {
    for (const code of [-404, -429, -444]) {
      const codec = newCodec();
      const server = acceptTransport({ random, secret });
      server.receive(await codec.tag());
      const source = new MtcuteSource();
      source.push(server.packError(code));
      const error = await assertRejects(
        async () => await codec.decode(source, false),
        MtcuteTransportError,
      );
      assertEquals(error.code, -code);
    }
  });
}

Deno.test("mtcute, intermediate: its bytes equal ours", async () => {
  const codec = new IntermediatePacketCodec() as unknown as MtcuteCodec;
  const client = intermediate();
  assertEquals(client.start(), await codec.tag());
  for (const length of LENGTHS) {
    const payload = random(length);
    const sink = new MtcuteSink();
    await codec.encode(payload, sink);
    assertEquals(client.pack(payload), concatBytes(...sink.parts));
  }
});
