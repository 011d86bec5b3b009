/**
 * Recorded key exchanges, replayed byte for byte: the sample on Telegram's page, and those in the
 * tests of grammers and Telethon v2, with their random numbers. The vectors name the sources.
 */
import {
  authKeyAuxHash,
  bigIntToBytes,
  bytesToBigInt,
  bytesToHex,
  concatBytes,
  hexToBytes,
  modPow,
  rsaEncryptSha1,
  rsaPad,
  type RsaPublicKey,
  rsaPublicKey,
  sha1,
  TELEGRAM_DH_PRIME,
} from "../../src/crypto/mod.ts";
import { telegramKeys } from "../../src/connection/mod.ts";
import {
  type AuthKeyResult,
  exchangeKeys,
  packPlainMessage,
  SecurityError,
  unpackPlainMessage,
} from "../../src/mtproto/mod.ts";
import {
  decryptWithHash,
  encryptWithHash,
  newNonceHash,
  temporaryAes,
} from "../../src/mtproto/key_exchange_crypto.ts";
import { mtprotoSchema, type TlObject } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { readVectors } from "../helpers/vectors.ts";

interface Sample {
  readonly reqPq: string;
  readonly resPQ: string;
  readonly newNonce: string;
  readonly innerData: string;
  readonly rsaPadding: string;
  readonly reqDhParams: string;
  readonly serverDhParams: string;
  readonly tmpAesKey: string;
  readonly tmpAesIv: string;
  readonly answerHash: string;
  readonly answer: string;
  readonly serverTime: number;
  readonly b: string;
  readonly gB: string;
  readonly clientPadding: string;
  readonly setClientDhParams: string;
  readonly authKey: string;
  readonly dhGenOk: string;
}

interface Recorded {
  readonly name: string;
  readonly n: string;
  readonly e: string;
  readonly scheme: "RSA_PAD" | "SHA1";
  readonly nonce: string;
  readonly resPQ: string;
  readonly step2Random: string;
  readonly reqDhParams: string;
  readonly serverDhParams: string;
  readonly step3Random: string;
  readonly setClientDhParams: string;
  readonly dhGenOk: string;
  readonly authKey: string;
  readonly now: number;
  readonly serverSalt: string;
}

const [sample] = readVectors<Sample>("key_exchange_sample.json");
const recorded = readVectors<Recorded>("key_exchange.json");

/** A payload of the sample without its plain header, whose length is sometimes wrong there. */
function bodyOf(payload: string): Uint8Array {
  return hexToBytes(payload).subarray(20);
}

function decode(body: Uint8Array): TlObject {
  return mtprotoSchema().decode(body) as TlObject;
}

/**
 * Returns these bytes, piece by piece. If RSA_PAD asks for another temp_key after the piece
 * `tempKeyAt`, returns that one plus 1, like grammers.
 */
function scripted(pieces: readonly string[], tempKeyAt = -1): (length: number) => Uint8Array {
  let last = -1;
  let tempKey = 0n;
  return (length) => {
    if (last === tempKeyAt && length === 32) return bigIntToBytes(++tempKey, 32);
    const piece = hexToBytes(pieces[++last] ?? "");
    assert(piece.length >= length, `random piece ${last}: ${length} bytes were asked for`);
    if (last === tempKeyAt) tempKey = bytesToBigInt(piece.subarray(0, length));
    return piece.slice(0, length);
  };
}

/** Replays an exchange with recorded answers. Returns the requests and the result. */
function replay(
  options: {
    keys: readonly RsaPublicKey[];
    dcId: number;
    random: readonly string[];
    answers: readonly Uint8Array[];
    now: number;
  },
): { requests: Uint8Array[]; result: AuthKeyResult } {
  const exchange = exchangeKeys({ ...options, random: scripted(options.random, 3) });
  const requests: Uint8Array[] = [];
  let step = exchange.next();
  for (const body of options.answers) {
    assert(!step.done);
    requests.push(step.value);
    step = exchange.next({ body, now: options.now });
  }
  assert(step.done);
  return { requests, result: step.value };
}

Deno.test("exchangeKeys() makes the sample exchange of core.telegram.org, except RSA_PAD", () => {
  // The sample has no temp_key: any works, and the encrypted parts are compared below.
  const tempKey = "00".repeat(32);
  const { requests, result } = replay({
    keys: telegramKeys(),
    dcId: 2,
    random: [
      sample.reqPq.slice(48),
      sample.newNonce,
      sample.rsaPadding,
      tempKey,
      sample.b,
      sample.clientPadding,
    ],
    answers: [bodyOf(sample.resPQ), bodyOf(sample.serverDhParams), bodyOf(sample.dhGenOk)],
    now: (sample.serverTime - 7) * 1000,
  });
  assertEquals(bytesToHex(requests[0]), bytesToHex(bodyOf(sample.reqPq)));
  const asked = bodyOf(sample.reqDhParams);
  assertEquals(requests[1].length, asked.length);
  assertEquals(bytesToHex(requests[1].subarray(0, 64)), bytesToHex(asked.subarray(0, 64)));
  assertEquals(bytesToHex(requests[2]), bytesToHex(bodyOf(sample.setClientDhParams)));
  assertEquals(bytesToHex(result.authKey.bytes), sample.authKey);
  assertEquals(result.timeOffset, 7000);
  const salt = hexToBytes(sample.newNonce).subarray(0, 8).map((byte, index) =>
    byte ^ bodyOf(sample.resPQ)[20 + index]
  );
  assertEquals(result.serverSalt, new DataView(salt.buffer).getBigInt64(0, true));
});

Deno.test("packPlainMessage() makes the sample's requests", () => {
  for (const payload of [sample.reqPq, sample.reqDhParams, sample.setClientDhParams]) {
    const message = unpackPlainMessage(hexToBytes(payload));
    assertEquals(bytesToHex(packPlainMessage(message)), payload);
  }
  for (const payload of [sample.resPQ, sample.serverDhParams, sample.dhGenOk]) {
    const { check } = assertThrows(() => unpackPlainMessage(hexToBytes(payload)), SecurityError);
    assertEquals(check, "message_length");
    const length = hexToBytes(payload)[16] | hexToBytes(payload)[17] << 8;
    const whole = concatBytes(
      hexToBytes(payload),
      new Uint8Array(length + 20 - payload.length / 2),
    );
    const { body } = unpackPlainMessage(whole);
    assertEquals(
      mtprotoSchema().decode(body, "Object", { allowTrailing: true }),
      decode(bodyOf(payload)),
    );
  }
});

Deno.test("the key exchange computes the sample's intermediate values", () => {
  const inner = decode(hexToBytes(sample.innerData));
  const serverNonce = inner.serverNonce as Uint8Array;
  const newNonce = hexToBytes(sample.newNonce);
  const aes = temporaryAes(newNonce, serverNonce);
  assertEquals(bytesToHex(aes.key), sample.tmpAesKey);
  assertEquals(bytesToHex(aes.iv), sample.tmpAesIv);

  const parameters = decode(bodyOf(sample.serverDhParams));
  const opened = decryptWithHash(parameters.encryptedAnswer as Uint8Array, aes);
  assert(opened !== undefined);
  const answer = hexToBytes(sample.answer);
  assertEquals(bytesToHex(opened.hash), sample.answerHash);
  assertEquals(bytesToHex(sha1(answer)), sample.answerHash);
  assertEquals(bytesToHex(opened.padded.subarray(0, answer.length)), sample.answer);
  const dh = decode(answer);
  assertEquals([dh.g, dh.serverTime], [3, sample.serverTime]);
  assertEquals(dh.dhPrime, TELEGRAM_DH_PRIME);

  const b = hexToBytes(sample.b);
  assertEquals(bytesToHex(modPow(Uint8Array.of(3), b, TELEGRAM_DH_PRIME)), sample.gB);
  const authKey = modPow(dh.gA as Uint8Array, b, TELEGRAM_DH_PRIME);
  assertEquals(bytesToHex(authKey), sample.authKey);
  assertEquals(
    newNonceHash(newNonce, 1, authKeyAuxHash(authKey)),
    decode(bodyOf(sample.dhGenOk)).newNonceHash1,
  );

  const clientInner = mtprotoSchema().encode({
    _: "client_DH_inner_data",
    nonce: inner.nonce,
    serverNonce,
    retryId: 0n,
    gB: hexToBytes(sample.gB),
  });
  const encrypted = encryptWithHash(clientInner, aes, scripted([sample.clientPadding]));
  assertEquals(encrypted, decode(bodyOf(sample.setClientDhParams)).encryptedData);
});

Deno.test("mtprotoSchema() serialises p_q_inner_data_dc of the sample", () => {
  const { pq } = decode(bodyOf(sample.resPQ));
  const inner = decode(hexToBytes(sample.innerData));
  assertEquals(inner.pq, pq);
  assertEquals(inner.dc, 2);
  assertEquals(bytesToHex(mtprotoSchema().encode(inner)), sample.innerData);
});

for (const vector of recorded) {
  const key = rsaPublicKey(hexToBytes(vector.n), hexToBytes(vector.e));
  const rsaRandom = vector.step2Random.slice(64);
  const innerOf = (): TlObject => {
    const asked = decode(hexToBytes(vector.reqDhParams));
    const { pq } = decode(hexToBytes(vector.resPQ));
    const { nonce, serverNonce, p, q } = asked;
    const newNonce = hexToBytes(vector.step2Random.slice(0, 64));
    return { _: "p_q_inner_data", pq, p, q, nonce, serverNonce, newNonce };
  };

  Deno.test(`exchangeKeys() makes the recorded exchange of ${vector.name}, except the dc`, () => {
    const padding = rsaRandom.slice(0, 2 * 192);
    const { requests, result } = replay({
      keys: [key],
      dcId: 2,
      random: [
        vector.nonce,
        vector.step2Random.slice(0, 64),
        padding,
        "00".repeat(32),
        vector.step3Random.slice(0, 512),
        vector.step3Random.slice(512),
      ],
      answers: [vector.resPQ, vector.serverDhParams, vector.dhGenOk].map(hexToBytes),
      now: vector.now * 1000,
    });
    const asked = decode(hexToBytes(vector.reqDhParams));
    assertEquals(bytesToHex(requests[0]), `f18e7ebe${vector.nonce}`);
    assertEquals({ ...decode(requests[1]), encryptedData: 0 }, { ...asked, encryptedData: 0 });
    assertEquals(bytesToHex(requests[2]), vector.setClientDhParams);
    assertEquals(bytesToHex(result.authKey.bytes), vector.authKey);
    assertEquals(result.serverSalt, BigInt(vector.serverSalt));
    assertEquals(result.timeOffset, 0);
  });

  Deno.test(`${vector.scheme} makes the encrypted p_q_inner_data of ${vector.name}`, () => {
    const inner = mtprotoSchema().encode(innerOf());
    const temporaryKey = rsaRandom.slice(2 * 192, 2 * 224);
    const encrypted = vector.scheme === "RSA_PAD"
      ? rsaPad(key, inner, scripted([rsaRandom, temporaryKey], 1))
      : rsaEncryptSha1(key, inner, scripted([rsaRandom]));
    assertEquals(encrypted, decode(hexToBytes(vector.reqDhParams)).encryptedData);
  });
}
