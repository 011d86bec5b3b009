/**
 * @mtproto/core (npm) signs in over obfuscated intermediate, its only transport, with the older RSA
 * scheme. A field holds its data centers, and a method returns its RSA keys. It has raw calls only,
 * so this file spells out the steps. It reads its session back from a file.
 */

import { Buffer } from "node:buffer";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import MTProto from "@mtproto/core/envs/node/index.js";
import Rsa from "@mtproto/core/src/utils/rsa/index.js";
import {
  type Flow,
  greeting,
  modulusOf,
  type Outcome,
  personOf,
  runFlows,
  type Target,
} from "./target.ts";

const LAYER = 158;
const SELF = { _: "inputPeerSelf" };

/** Its objects: names as in TL, `_` is the constructor. */
interface TlObject {
  readonly [field: string]: unknown;
}

interface Client {
  dcList: { id: number; ip: string; port: number }[];
  call(method: string, params?: TlObject): Promise<TlObject>;
  readonly crypto: {
    getSRPParams(params: TlObject): Promise<{ A: Uint8Array; M1: Uint8Array }>;
  };
}

function open(target: Target, path: string): Client {
  const client: Client = new MTProto({
    api_id: target.apiId,
    api_hash: target.apiHash,
    storageOptions: { path },
  });
  client.dcList = target.dcs.slice(0, 1).map(({ id, host, port }) => ({ id, ip: host, port }));
  return client;
}

async function signIn(target: Target, flow: Flow): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "mtproto_core_"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "session.json");
  const first = open(target, path);
  if (flow === "bot") {
    await first.call("auth.importBotAuthorization", { bot_auth_token: target.bots[0].token });
  } else {
    await signInPerson(first, target, flow);
  }
  const me = await getMe(first);
  let history: string[] | undefined;
  if (flow !== "bot") {
    const random_id = String(Math.floor(Math.random() * 2 ** 48) + 1);
    const message = greeting("@mtproto/core");
    await first.call("messages.sendMessage", { peer: SELF, message, random_id });
    const { messages } = await first.call("messages.getHistory", { peer: SELF, limit: 10 });
    history = (messages as TlObject[]).map(({ message }) => String(message));
  }

  const restored = await getMe(open(target, path));
  return {
    flow,
    transport: "obfuscated intermediate",
    layer: LAYER,
    id: String(me.id),
    isBot: me.bot === true,
    history,
    restoredId: String(restored.id),
  };
}

async function signInPerson(client: Client, target: Target, flow: Flow): Promise<void> {
  const { phone: phone_number, code: phone_code, password } = personOf(target, flow);
  const settings = { _: "codeSettings" };
  const { phone_code_hash } = await client.call("auth.sendCode", { phone_number, settings });
  try {
    await client.call("auth.signIn", { phone_number, phone_code_hash, phone_code });
  } catch (error) {
    if ((error as TlObject).error_message !== "SESSION_PASSWORD_NEEDED") throw error;
    const { srp_id, srp_B: gB, current_algo } = await client.call("account.getPassword");
    const { A, M1 } = await client.crypto.getSRPParams({
      ...current_algo as TlObject,
      gB,
      password,
    });
    await client.call("auth.checkPassword", {
      password: { _: "inputCheckPasswordSRP", srp_id, A, M1 },
    });
  }
}

async function getMe(client: Client): Promise<TlObject> {
  const { users: [me] } = await client.call("users.getFullUser", {
    id: { _: "inputUserSelf" },
  }) as { users: TlObject[] };
  return me;
}

await runFlows((target, flow) => {
  const modulus = Buffer.from(modulusOf(target)).toString("hex");
  Rsa.prototype.getPublisKeysByHex = () =>
    Promise.resolve({
      [target.fingerprintHex.replace(/^0+/, "")]: { modulus, exponent: "010001" },
    });
  return signIn(target, flow);
});
