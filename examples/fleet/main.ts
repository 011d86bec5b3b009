/**
 * One process of a fleet: node main.ts (Node from 22.18 on, which runs TypeScript)
 *
 * All processes with one store share the sessions in it. Each answers the messages of its share,
 * see work.ts. On SIGTERM it hands its sessions over, and ends. docs/fleet.md tells more.
 *
 * | variable           | meaning                                                             |
 * |--------------------|---------------------------------------------------------------------|
 * | STORE_URL          | `postgres://…` or `redis://…`                                       |
 * | API_ID, API_HASH   | from https://my.telegram.org                                        |
 * | PORT               | of /metrics, /healthz and /readyz; 9464 by default                  |
 * | LEASE              | the seconds after which the sessions of a dead process are taken    |
 * |                    | over; 30 by default, the same in all processes                      |
 * | TELEGRAM           | the output of `deno task serve --json`, to try it offline           |
 */
import process from "node:process";
import type { ClientOptions } from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
import { Fleet } from "./fleet.ts";
import { serveMetrics } from "./metrics.ts";
import { openStore } from "./store.ts";

const {
  STORE_URL = "",
  API_ID,
  API_HASH = "",
  PORT = "9464",
  LEASE = "30",
  TELEGRAM,
} = process.env;

function offline(telegram: string): ClientOptions {
  const { dcs, publicKeyPem } = JSON.parse(telegram);
  return { dcs, keys: [parseRsaPublicKey(publicKeyPem)] };
}

const lease = Number(LEASE) * 1000;
const { store, close } = await openStore(STORE_URL, lease / 10);
const fleet = new Fleet({
  store,
  lease,
  apiId: Number(API_ID),
  apiHash: API_HASH,
  clientOptions: TELEGRAM === undefined ? {} : offline(TELEGRAM),
  log: (text) => console.log(`${new Date().toISOString()} ${text}`),
});
const server = await serveMetrics(fleet, Number(PORT));

process.once("SIGTERM", () => fleet.drain());
process.once("SIGINT", () => fleet.drain());
await fleet.run();
server.close();
await close();
process.exit(); // a line to the store that is cut must not keep a drained process alive
