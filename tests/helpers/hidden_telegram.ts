/**
 * Addresses of an offline Telegram that lead nowhere: only a proxy of the test knows the way from
 * them. A client that went around its proxy would reach nobody.
 */
import type { OfflineTelegram } from "../../src/testing/mod.ts";

/** An address, as a data center has it. */
interface HiddenAddress {
  readonly id: number;
  readonly host: string;
  readonly port: number;
}

/** A Telegram that only a proxy can find. */
export interface HiddenTelegram {
  /** The addresses of its data centers for clients. Documentation has them alone: RFC 5737. */
  readonly dcs: readonly HiddenAddress[];
  /** The way from such an address to the data center, for a proxy; undefined from all others. */
  readonly route: (target: string) => { hostname: string; port: number } | undefined;
}

/**
 * Hides a Telegram that listens, without ports for files: from now on its configuration names
 * `192.0.2.2:443` for data center 2, and so on.
 */
export function hide(telegram: Pick<OfflineTelegram, "dcs" | "api">): HiddenTelegram {
  const ways = new Map(
    telegram.dcs.map(({ id, host, port }) => [`192.0.2.${id}:443`, { hostname: host, port }]),
  );
  const dcs = telegram.dcs.map(({ id }) => ({ id, host: `192.0.2.${id}`, port: 443 }));
  telegram.api.setDcAddresses(dcs);
  return { dcs, route: (target) => ways.get(target) };
}
