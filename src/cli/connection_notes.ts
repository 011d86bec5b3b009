/**
 * Tells the person at the terminal why nothing happens: the connection is lost, and until when.
 */
import type { Client } from "../client/mod.ts";

/** Writes a line whenever the connection is waited for, and when it is back. */
export function noteConnection(client: Client, note: (line: string) => void): void {
  let isWaiting = false;
  client.on("status", (status) => {
    if (status.state === "waiting") {
      const seconds = Math.max(1, Math.round((status.retryAt.getTime() - Date.now()) / 1000));
      note(`Not connected: ${status.reason.message} Tried again in ${seconds} s.`);
      isWaiting = true;
    } else if (status.state === "connected" && isWaiting) {
      note("Connected.");
      isWaiting = false;
    }
  });
}
