/**
 * The scenario in a page of a browser: it asks the server that the page is from where to go, and
 * reports to it.
 */
import { tcpDial } from "@tessera/mtproto";
import { keepByName, scenario } from "./scenario.ts";

/** What the page reports. */
export interface PageReport {
  readonly done?: readonly string[];
  /** What `tcpDial` says, where there is no TCP. */
  readonly tcp?: string;
  /** Who came back with a session that has a name. */
  readonly kept?: string;
  readonly failure?: string;
}

async function report(): Promise<PageReport> {
  const setting = await (await fetch("/setting")).json();
  const tcp = await tcpDial(setting.dcs[0]).then(() => "connected", (error) => error.message);
  return { done: await scenario(setting), kept: await keepByName(setting, "bot"), tcp };
}

void report().catch((error): PageReport => ({ failure: String(error?.stack) }))
  .then((body) => fetch("/report", { method: "POST", body: JSON.stringify(body) }));
