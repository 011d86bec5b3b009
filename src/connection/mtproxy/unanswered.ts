/**
 * The errors of a connection on which nothing of use came back: through a proxy, any hop may be the
 * reason, so the error names the proxy.
 */
import { ConnectionError } from "../../net/mod.ts";

/** Errors of a connection that was made, or not in time. */
const UNANSWERED = /(no answer in [\d.]+ s)|was closed|closed the connection|connection broke/;
/** This one is Telegram's own. */
const ANSWERED = /^Cannot bind a temporary key /;

/** Returns what came back, if that was nothing of use; undefined for an error that says more. */
export function unanswered(error: Error): string | undefined {
  // By its name: an import of its class makes the bundle at the start larger.
  if (error.name === "FramingError") return "what came back cannot be read";
  if (!(error instanceof ConnectionError) || error.proxyFault !== undefined) return undefined;
  const found = UNANSWERED.exec(error.message);
  if (found === null || ANSWERED.test(error.message)) return undefined;
  return found[1] ?? "the connection ended without an answer";
}
