/**
 * mtcute (npm `@mtcute/node`) signs in over its default, intermediate transport, over obfuscated
 * and padded ones, or through an MTProxy. An option sets its first data centers, and a function
 * adds an RSA key. With USE_PFS=1 it uses temporary keys.
 */

import process from "node:process";
import {
  IntermediatePacketCodec,
  type IPacketCodec,
  MemoryStorage,
  ObfuscatedPacketCodec,
  PaddedIntermediatePacketCodec,
  proxyTransportFromUrl,
  TcpTransport,
  TelegramClient,
  tl,
} from "@mtcute/node";
import { addPublicKey, type BasicDcOption, NodeCryptoProvider } from "@mtcute/node/utils.js";
import { type Flow, greeting, type Outcome, personOf, runFlows, type Target } from "./target.ts";

const TRANSPORTS: Readonly<Record<Flow, readonly [() => IPacketCodec, string]>> = {
  bot: [() => new IntermediatePacketCodec(), "intermediate"],
  code: [
    () => new ObfuscatedPacketCodec(new IntermediatePacketCodec()),
    "obfuscated intermediate",
  ],
  password: [
    () => new ObfuscatedPacketCodec(new PaddedIntermediatePacketCodec()),
    "obfuscated padded",
  ],
};

function open(target: Target, flow: Flow): TelegramClient {
  const [{ id, host, port }] = target.dcs;
  const dc: BasicDcOption = { id, ipAddress: host, port, testMode: false };
  const tcp = new TcpTransport();
  const [codec] = TRANSPORTS[flow];
  tcp.packetCodec = codec as typeof tcp.packetCodec;
  const { mtproxy } = target;
  const transport = mtproxy === undefined ? tcp : proxyTransportFromUrl(mtproxy.link);
  return new TelegramClient({
    apiId: target.apiId,
    apiHash: target.apiHash,
    defaultDcs: { main: dc, media: dc },
    storage: new MemoryStorage(),
    network: { usePfs: process.env.USE_PFS === "1" },
    transport,
    logLevel: 0,
  });
}

async function signIn(target: Target, flow: Flow): Promise<Outcome> {
  const first = open(target, flow);
  const me = await first.start(
    flow === "bot" ? { botToken: target.bots[0].token } : {
      ...personOf(target, flow),
      codeSentCallback: () => {},
    },
  );
  const history: string[] = [];
  if (flow !== "bot") {
    await first.sendText("me", greeting("mtcute"));
    for (const { text } of await first.getHistory("me")) history.push(text);
  }
  const saved = await first.exportSession();
  await first.destroy();

  const second = open(target, flow);
  await second.importSession(saved);
  const restored = await second.getMe();
  await second.destroy();
  return {
    flow,
    transport: target.mtproxy === undefined ? TRANSPORTS[flow][1] : "through an MTProxy",
    layer: tl.LAYER,
    id: String(me.id),
    isBot: me.isBot,
    history: flow === "bot" ? undefined : history,
    restoredId: String(restored.id),
  };
}

const crypto = new NodeCryptoProvider();
await runFlows((target, flow) => {
  addPublicKey(crypto, target.publicKeyPem, false);
  return signIn(target, flow);
});
