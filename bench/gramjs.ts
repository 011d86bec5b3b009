// deno-lint-ignore-file no-import-prefix -- a library that is only measured is not a dependency
/**
 * GramJS: AES in plain JavaScript, asynchronous hashes from the runtime's node:crypto, and
 * big-integer for the rest.
 */
import bigInt from "npm:big-integer@1.6.52";
import { Factorizator } from "npm:telegram@2.26.22/crypto/Factorizator.js";
import { IGE } from "npm:telegram@2.26.22/crypto/IGE.js";
import { _serverKeys } from "npm:telegram@2.26.22/crypto/RSA.js";
import { Logger, PromisedNetSockets } from "npm:telegram@2.26.22/extensions/index.js";
import { LogLevel } from "npm:telegram@2.26.22/extensions/Logger.js";
import { modExp, returnBigInt, sha256 } from "npm:telegram@2.26.22/Helpers.js";
import { Api, TelegramClient } from "npm:telegram@2.26.22/index.js";
import { StringSession } from "npm:telegram@2.26.22/sessions/index.js";
import { Buffer } from "node:buffer";
import { bigIntToBytes, bytesToBigInt, equalBytes } from "../src/crypto/mod.ts";
import { modulusOf } from "../tests/interop/clients/target.ts";
import { type Contender, joinKeys, keyInputs, msgKeyInput } from "./contender.ts";

/** The same bytes as a Buffer. */
function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

async function ige(authKey: Uint8Array, msgKey: Uint8Array): Promise<IGE> {
  const [a, b] = await Promise.all(keyInputs(authKey, msgKey).map((input) => sha256(view(input))));
  const [key, iv] = joinKeys(a, b);
  return new IGE(view(key), view(iv));
}

function bigInteger(bytes: Uint8Array): bigInt.BigInteger {
  return bigInt(bytesToBigInt(bytes));
}

export const gramjs: Contender = {
  name: "GramJS",
  igeEncrypt: (data, key, iv) => new IGE(view(key), view(iv)).encryptIge(view(data)),
  igeDecrypt: (data, key, iv) => new IGE(view(key), view(iv)).decryptIge(view(data)),
  sha256: (data) => sha256(view(data)),
  async encryptMessage({ bytes, id }, plaintext) {
    const msgKey = (await sha256(view(msgKeyInput(bytes, plaintext)))).subarray(8, 24);
    const aes = await ige(bytes, msgKey);
    return Buffer.concat([id, msgKey, aes.encryptIge(view(plaintext))]);
  },
  async decryptMessage({ bytes }, packet) {
    const msgKey = packet.subarray(8, 24);
    const aes = await ige(bytes, msgKey);
    const plaintext = aes.decryptIge(view(packet.subarray(24)));
    const expected = (await sha256(view(msgKeyInput(bytes, plaintext)))).subarray(8, 24);
    if (!equalBytes(msgKey, expected)) throw new Error("msg_key does not match");
    return plaintext;
  },
  modPow: (base, exponent, modulus) => {
    const result = modExp(bigInteger(base), bigInteger(exponent), bigInteger(modulus));
    return bigIntToBytes(BigInt(result.toString()), modulus.length);
  },
  factorizePq: (pq) => {
    const { p, q } = Factorizator.factorize(bigInt(pq));
    const factors = [BigInt(p.toString()), BigInt(q.toString())];
    return factors[0] < factors[1] ? factors[0] : factors[1];
  },
  async signIn(target) {
    const { dcs: [{ id, host, port }], fingerprint, apiId, apiHash, bots: [{ token }] } = target;
    const n = returnBigInt(String(bytesToBigInt(modulusOf(target))));
    (_serverKeys as Map<string, unknown>).set(fingerprint, { n, e: 65537 });
    const session = new StringSession("");
    session.setDC(id, host, 80); // the socket below knows the port
    const client = new TelegramClient(session, apiId, apiHash, {
      networkSocket: class extends PromisedNetSockets {
        override connect(): Promise<this> {
          return super.connect(port, host) as Promise<this>;
        }
      },
      baseLogger: new Logger(LogLevel.NONE),
    });
    await client.connect();
    await client.signInBot({ apiId, apiHash }, { botAuthToken: token });
    return {
      call: () => client.invoke(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] })),
      close: () => client.destroy(),
    };
  },
};
