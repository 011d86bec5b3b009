/**
 * Fake TLS, both sides: a connection that looks like TLS 1.3 to the domain of an MTProxy's secret.
 * Bytes in, bytes out. digest.ts says how the sides prove themselves. Nothing is encrypted here:
 * the stream inside is obfuscated. It is described nowhere officially; the facts are those of
 * TDLib and of public proxies.
 *
 * | client   | event                                      | next     | what happens               |
 * |----------|--------------------------------------------|----------|----------------------------|
 * | new      | `start()`                                  | greeting | a ClientHello              |
 * | greeting | three records, the proof is right          | open     | what follows is data       |
 * | greeting | three records, the proof is wrong          | failed   | `UnprovenAnswerError`      |
 * | greeting | other records, such as an alert            | failed   | `UnprovenAnswerError`      |
 * | open     | `pack()`, for the first time               | open     | a record 14 goes before    |
 * | open     | a record of data                           | open     | its bytes                  |
 * | any      | anything else                              | failed   | `FramingError`             |
 *
 * | server   | event                                      | next     | what happens               |
 * |----------|--------------------------------------------|----------|----------------------------|
 * | new      | a ClientHello with the right proof and     | answered | three records              |
 * |          | time, which was not seen before            |          |                            |
 * | new      | another one, or anything else              | failed   | `FramingError`             |
 * | answered | a record 14                                | open     |                            |
 * | answered | a record of data                           | open     | its bytes                  |
 * | open     | a record of data                           | open     | its bytes                  |
 * | any      | anything else                              | failed   | `FramingError`             |
 */
import { concatBytes } from "../../crypto/mod.ts";
import type { Random } from "../../runtime/mod.ts";
import { FramingError } from "../errors.ts";
import { clientHello, pickIndex } from "./client_hello.ts";
import { digestOf, helloTime, isAnswerRight, sealAnswer } from "./digest.ts";
import type { HelloProfile } from "./hello_profile.ts";
import { HELLO_PROFILES } from "./profiles.ts";
import {
  CHANGE_CIPHER,
  CHANGE_CIPHER_RECORD,
  DATA,
  HANDSHAKE,
  packRecords,
  RecordReader,
  tlsRecord,
} from "./records.ts";
import type { ProxySecret } from "./secret.ts";
import { cipherOf, serverHello } from "./server_hello.ts";

/**
 * Thrown when the answer to a ClientHello does not prove that its sender knows the secret: it is
 * another proxy, another server, or one in between.
 */
export class UnprovenAnswerError extends Error {
  /** Always `UnprovenAnswerError`. */
  override readonly name = "UnprovenAnswerError";
}

/** The parts of a {@linkcode FakeTlsClient}. */
export interface FakeTlsClientOptions {
  readonly secret: ProxySecret;
  readonly random: Random;
  /** The time of the server, in Unix seconds. */
  readonly now: number;
  /** The browser to look like; one of {@linkcode HELLO_PROFILES} at random by default. */
  readonly profile?: HelloProfile;
}

/** The records of an answer, in their order. */
const ANSWER = [HANDSHAKE, CHANGE_CIPHER, DATA];
/** The shortest body of the first one: it holds the proof. */
const MIN_SERVER_HELLO = 38;

/** The client's side of one connection. */
export class FakeTlsClient {
  readonly #options: FakeTlsClientOptions;
  readonly #records = new RecordReader();
  /** What the answer has to be proven for. */
  #digest = new Uint8Array(0);
  #answer: Uint8Array[] = [];
  #isOpen = false;
  #failure: UnprovenAnswerError | undefined;
  #hasSent = false;

  constructor(options: FakeTlsClientOptions) {
    this.#options = options;
  }

  /** Whether the server has proven itself: only now may anything be sent. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Returns the first bytes to send. */
  start(): Uint8Array {
    const { random } = this.#options;
    const profile = this.#options.profile ??
      HELLO_PROFILES[pickIndex(random, HELLO_PROFILES.length)];
    const hello = clientHello({ ...this.#options, profile });
    this.#digest = digestOf(hello).slice();
    return hello;
  }

  /**
   * Takes the next received bytes, cut anywhere, and returns the bytes of the stream in them.
   *
   * @throws {UnprovenAnswerError} if the server does not prove itself
   * @throws {FramingError} if bytes that follow are no records of data
   */
  receive(chunk: Uint8Array): Uint8Array {
    if (this.#failure !== undefined) throw this.#failure;
    this.#records.push(chunk);
    if (!this.#isOpen) this.#readAnswer();
    return this.#isOpen ? this.#records.data() : new Uint8Array(0);
  }

  /** Returns the next bytes of the stream as records. */
  pack(bytes: Uint8Array): Uint8Array {
    if (!this.#isOpen) throw new TypeError("Cannot send by fake TLS: the server has not answered");
    if (bytes.length === 0) return new Uint8Array(0);
    const records = packRecords(bytes);
    if (this.#hasSent) return records;
    this.#hasSent = true;
    return concatBytes(CHANGE_CIPHER_RECORD, records);
  }

  #readAnswer(): void {
    while (this.#answer.length < ANSWER.length) {
      const record = this.#nextOfAnswer(ANSWER[this.#answer.length]);
      if (record === undefined) return;
      this.#answer.push(record);
    }
    const answer = concatBytes(...this.#answer);
    this.#answer = [];
    if (!isAnswerRight(answer, this.#options.secret.key, this.#digest)) {
      throw this.#unproven("it lacks the proof of the secret");
    }
    this.#isOpen = true;
  }

  /** Returns the next record of the answer with its header; undefined while it is not whole. */
  #nextOfAnswer(type: number): Uint8Array | undefined {
    let record;
    try {
      record = this.#records.next([type]);
    } catch (cause) {
      throw this.#unproven("it is no such answer", cause);
    }
    if (record === undefined) return undefined;
    const { minor, body } = record;
    const isShort = type === HANDSHAKE && body.length < MIN_SERVER_HELLO;
    const isOdd = type === CHANGE_CIPHER && (body.length !== 1 || body[0] !== 1);
    if (minor !== 3 || isShort || isOdd) throw this.#unproven("it is no such answer");
    return tlsRecord(type, body);
  }

  /** Makes the error. Nothing that comes later changes it. */
  #unproven(what: string, cause?: unknown): UnprovenAnswerError {
    return this.#failure = new UnprovenAnswerError(
      `Cannot trust the answer of an MTProxy: ${what}`,
      cause === undefined ? {} : { cause },
    );
  }
}

/** Which times and ClientHellos a server accepts. */
export interface HelloRules {
  /** How many seconds the time of a client may be behind that of the server. */
  readonly behind: number;
  /** How many seconds it may be ahead. */
  readonly ahead: number;
  /** Returns whether a proof was seen before; counts it as seen from now on. */
  readonly wasSeen: (digest: Uint8Array, now: number) => boolean;
}

/** The parts of a {@linkcode FakeTlsServer}. */
export interface FakeTlsServerOptions extends HelloRules {
  readonly secret: ProxySecret;
  readonly random: Random;
}

/** What a server does about received bytes. */
export interface FakeTlsReaction {
  /** The answer to send. */
  readonly answer?: Uint8Array;
  /** The next bytes of the stream. */
  readonly data: Uint8Array;
}

/** A longer ClientHello is none. */
const MAX_HELLO = 1 << 14;
/** A ClientHello in more records is none. */
const MAX_FRAGMENTS = 64;
const HANDSHAKE_HEADER = 4;
const CLIENT_HELLO = 1;

/** The server's side of one connection. */
export class FakeTlsServer {
  readonly #options: FakeTlsServerOptions;
  readonly #records = new RecordReader();
  #fragments: Uint8Array[] = [];
  #hasAnswered = false;
  #isOpen = false;

  constructor(options: FakeTlsServerOptions) {
    this.#options = options;
  }

  /**
   * Takes the next received bytes, cut anywhere.
   *
   * @param chunk The bytes.
   * @param now The time, in Unix seconds.
   * @throws {FramingError} if they break the rules: the client gets no answer
   */
  receive(chunk: Uint8Array, now: number): FakeTlsReaction {
    this.#records.push(chunk);
    const hello = this.#hasAnswered ? undefined : this.#readHello();
    const answer = hello && this.#answer(hello, now);
    return { ...(answer && { answer }), data: this.#readData() };
  }

  /** Returns the next bytes of the stream as records. */
  pack(bytes: Uint8Array): Uint8Array {
    return bytes.length === 0 ? new Uint8Array(0) : packRecords(bytes);
  }

  #readData(): Uint8Array {
    if (!this.#hasAnswered) return new Uint8Array(0);
    if (!this.#isOpen) {
      const first = this.#records.next([CHANGE_CIPHER, DATA]);
      if (first === undefined) return new Uint8Array(0);
      this.#isOpen = true;
      if (first.type === DATA) return concatBytes(first.body, this.#records.data());
    }
    return this.#records.data();
  }

  /** Returns the ClientHello in one record, however many it came in; undefined if more follows. */
  #readHello(): Uint8Array | undefined {
    for (;;) {
      const record = this.#records.next([HANDSHAKE]);
      if (record === undefined) return undefined;
      this.#fragments.push(record.body);
      if (this.#fragments.length > MAX_FRAGMENTS || record.body.length === 0) {
        throw refused("it is cut into too many records");
      }
      const hello = concatBytes(...this.#fragments);
      if (hello[0] !== CLIENT_HELLO) throw refused("it is another message");
      if (hello.length < HANDSHAKE_HEADER) continue;
      const length = HANDSHAKE_HEADER + (hello[1] << 16 | hello[2] << 8 | hello[3]);
      if (length > MAX_HELLO) throw refused(`it has ${length} bytes`);
      if (hello.length > length) throw refused("bytes follow it");
      if (hello.length === length) return tlsRecord(HANDSHAKE, hello, 1);
    }
  }

  #answer(hello: Uint8Array, now: number): Uint8Array {
    const { secret, behind, ahead, wasSeen, random } = this.#options;
    const cipher = cipherOf(hello);
    if (cipher === undefined) throw refused("it has no cipher suites");
    const time = helloTime(hello, secret.key);
    if (time === undefined) throw refused("its client does not know the secret");
    if (time < now - behind || time > now + ahead) {
      throw refused(`its time is wrong by ${Math.round(time - now)} s`);
    }
    const digest = digestOf(hello).slice();
    if (wasSeen(digest, now)) throw refused("it was sent before");
    const answer = serverHello(hello, cipher, random);
    sealAnswer(answer, secret.key, digest);
    this.#hasAnswered = true;
    return answer;
  }
}

function refused(what: string): FramingError {
  return new FramingError(`Cannot accept a ClientHello: ${what}`);
}
