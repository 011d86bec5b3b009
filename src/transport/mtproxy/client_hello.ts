/**
 * A ClientHello in its record, made of a profile, with the proof of the secret in the place of its
 * random bytes: HMAC-SHA256 of the record with zeros there, and the time in the last four of them.
 *
 * offset 0 `16 03 01` length | 5 `01 00` length | 9 `03 03` | 11 the proof | 43 session id | 76 ...
 */
import { concatBytes, hexToBytes } from "../../crypto/mod.ts";
import type { Random } from "../../runtime/mod.ts";
import { mlKem768Key, p256Point, x25519PublicKey } from "./camouflage_keys.ts";
import { sealHello } from "./digest.ts";
import type { Hello, HelloOperation, HelloProfile } from "./hello_profile.ts";
import type { ProxySecret } from "./secret.ts";

const SESSION_ID_LENGTH = 32;
const GREASE_VALUES = 7;

/** The parts of a ClientHello. */
export interface ClientHelloOptions {
  readonly secret: ProxySecret;
  readonly profile: HelloProfile;
  readonly random: Random;
  /** The time of the server, in Unix seconds. */
  readonly now: number;
}

/** Returns a ClientHello for the domain of the secret. */
export function clientHello({ secret, profile, random, now }: ClientHelloOptions): Uint8Array {
  const { domain = "" } = secret;
  const writer = new HelloWriter(random, domain);
  const record = writer.write([
    "16 0301",
    {
      sized: [
        "01 00",
        {
          sized: [
            "0303",
            "00".repeat(32),
            "20",
            { random: SESSION_ID_LENGTH },
            { sized: profile.ciphers },
            "01 00",
            { sized: profile.extensions },
          ],
        },
      ],
    },
  ]);
  sealHello(record, secret.key, now);
  return record;
}

/** What one ClientHello has in several places. */
class HelloWriter {
  readonly #random: Random;
  readonly #domain: Uint8Array;
  readonly #grease: Uint8Array;
  readonly #keys = new Map<string, Uint8Array>();

  constructor(random: Random, domain: string) {
    this.#random = random;
    this.#domain = new TextEncoder().encode(domain);
    this.#grease = random(GREASE_VALUES).map((byte) => byte & 0xf0 | 0x0a);
    // The two extensions differ.
    if (this.#grease[2] === this.#grease[3]) this.#grease[3] ^= 0x10;
  }

  write(hello: Hello): Uint8Array {
    return concatBytes(...hello.map((operation) => this.#piece(operation)));
  }

  #piece(operation: HelloOperation): Uint8Array {
    if (typeof operation === "string") return hexToBytes(operation.replaceAll(" ", ""));
    if ("random" in operation) return this.#random(operation.random);
    if ("randomOf" in operation) return this.#random(this.#pick(operation.randomOf));
    if ("oneOf" in operation) return this.write(this.#pick(operation.oneOf));
    if ("domain" in operation) return this.#domain;
    if ("p256" in operation) return p256Point(this.#random);
    if ("mlKem768" in operation) return mlKem768Key(this.#random);
    if ("grease" in operation) {
      const value = this.#grease[operation.grease];
      return Uint8Array.of(value, value);
    }
    if ("sized" in operation) {
      const content = this.write(operation.sized);
      return concatBytes(Uint8Array.of(content.length >> 8, content.length & 255), content);
    }
    if ("shuffled" in operation) {
      return concatBytes(...this.#shuffle(operation.shuffled).map((part) => this.write(part)));
    }
    const { x25519: name } = operation;
    const key = this.#keys.get(name) ?? x25519PublicKey(this.#random(32));
    this.#keys.set(name, key);
    return key;
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[pickIndex(this.#random, choices.length)];
  }

  /** Fisher and Yates: each order is as likely as the others. */
  #shuffle<T>(parts: readonly T[]): T[] {
    const shuffled = [...parts];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const index = pickIndex(this.#random, last + 1);
      [shuffled[last], shuffled[index]] = [shuffled[index], shuffled[last]];
    }
    return shuffled;
  }
}

/** Returns a random number below `count`, which is at most 256, each as likely as the others. */
export function pickIndex(random: Random, count: number): number {
  const limit = 256 - 256 % count;
  for (;;) {
    const [byte] = random(1);
    if (byte < limit) return byte % count;
  }
}
