/** The work of GramJS, and of teleproto, which grew out of it and kept its surface. */
import { Buffer } from "node:buffer";
import { createPublicKey } from "node:crypto";
import type { CTR } from "telegram/crypto/CTR.js";
import type { Factorizator } from "telegram/crypto/Factorizator.js";
import type { IGE } from "telegram/crypto/IGE.js";
import type { BinaryReader, Logger, PromisedNetSockets } from "telegram/extensions/index.js";
import type { modExp, returnBigInt, sha256 } from "telegram/Helpers.js";
import type { Api, TelegramClient } from "telegram/index.js";
import type { StringSession } from "telegram/sessions/index.js";
import type { Library } from "./library.ts";

/** The key and the IV of a message, as the method `_calcKey` of its MTProtoState returns them. */
type CalcKey = (
  authKey: Buffer,
  msgKey: Buffer,
  isClient: boolean,
) => Promise<{ key: Buffer; iv: Buffer }>;

/** One of the two libraries. */
export interface GramJs {
  readonly Api: typeof Api;
  readonly BinaryReader: typeof BinaryReader;
  readonly CTR: typeof CTR;
  readonly Client: typeof TelegramClient;
  readonly Factorizator: typeof Factorizator;
  readonly IGE: typeof IGE;
  readonly Log: typeof Logger;
  readonly Session: typeof StringSession;
  readonly Socket: typeof PromisedNetSockets;
  readonly State: { readonly prototype: { readonly _calcKey: CalcKey } };
  readonly helpers: {
    readonly modExp: typeof modExp;
    readonly returnBigInt: typeof returnBigInt;
    readonly sha256: typeof sha256;
  };
  readonly layer: number;
  readonly serverKeys: Map<string, unknown>;
}

/** The same bytes as a Buffer. */
function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

function hex(bytes: Uint8Array): bigint {
  return BigInt(`0x${view(bytes).toString("hex")}`);
}

/** Returns the work of one of the two. */
export function gramJsLibrary(gramJs: GramJs): Library {
  const { Api, BinaryReader, CTR, Client, Factorizator, IGE, Log, Session, Socket } = gramJs;
  const { State: { prototype: { _calcKey: calcKey } }, layer, serverKeys } = gramJs;
  const { modExp, returnBigInt, sha256 } = gramJs.helpers;
  const bigInteger = (bytes: Uint8Array) => returnBigInt(String(hex(bytes)));

  return {
    layer,
    igeEncrypt: (data, key, iv) => new IGE(view(key), view(iv)).encryptIge(view(data)),
    igeDecrypt: (data, key, iv) => new IGE(view(key), view(iv)).decryptIge(view(data)),
    sha256: (data) => sha256(view(data)),
    stream(key, iv) {
      const cipher = new CTR(view(key), view(iv));
      return (data) => cipher.encrypt(view(data));
    },
    async encryptMessage({ bytes, id }, plaintext) {
      const authKey = view(bytes);
      const hash = await sha256(Buffer.concat([authKey.subarray(88, 120), plaintext]));
      const msgKey = hash.subarray(8, 24);
      const { key, iv } = await calcKey(authKey, msgKey, true);
      return Buffer.concat([id, msgKey, new IGE(key, iv).encryptIge(view(plaintext))]);
    },
    async decryptMessage({ bytes }, packet) {
      const authKey = view(bytes);
      const msgKey = view(packet.subarray(8, 24));
      const { key, iv } = await calcKey(authKey, msgKey, false);
      const plaintext = new IGE(key, iv).decryptIge(view(packet.subarray(24)));
      const hash = await sha256(Buffer.concat([authKey.subarray(96, 128), plaintext]));
      if (!msgKey.equals(hash.subarray(8, 24))) throw new Error("msg_key does not match");
      return plaintext;
    },
    modPow(base, exponent, modulus) {
      const power = modExp(bigInteger(base), bigInteger(exponent), bigInteger(modulus));
      return Buffer.from(power.toString(16).padStart(2 * modulus.length, "0"), "hex");
    },
    factorizePq(pq) {
      const { p, q } = Factorizator.factorize(returnBigInt(String(pq)));
      const factors = [BigInt(p.toString()), BigInt(q.toString())];
      return factors[0] < factors[1] ? factors[0] : factors[1];
    },
    decode: (bytes) => new BinaryReader(view(bytes)).tgReadObject(),
    encode: (object) => (object as Api.Config).getBytes(),
    async signIn({ dcs: [dc], publicKeyPem, fingerprint, apiId, apiHash, bots: [{ token }] }) {
      const { n } = createPublicKey(publicKeyPem).export({ format: "jwk" });
      serverKeys.set(fingerprint, { n: bigInteger(Buffer.from(`${n}`, "base64url")), e: 65537 });
      const session = new Session("");
      session.setDC(dc.id, dc.host, 80); // the socket below knows the port
      const client = new Client(session, apiId, apiHash, {
        networkSocket: class extends Socket {
          override connect(): Promise<this> {
            return super.connect(dc.port, dc.host) as Promise<this>;
          }
        },
        baseLogger: new Log("none" as ConstructorParameters<typeof Logger>[0]),
      });
      await client.connect();
      await client.signInBot({ apiId, apiHash }, { botAuthToken: token });
      return () => client.invoke(new Api.users.GetUsers({ id: [new Api.InputUserSelf()] }));
    },
  };
}
