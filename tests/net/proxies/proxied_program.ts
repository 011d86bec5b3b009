/**
 * A whole life of a client through the proxy of the argument, in a process of its own: what it
 * trusts is decided when a process starts. Prints what was done, or the error.
 */
import { lifeTelegram, liveThroughProxy } from "../../helpers/proxied_life.ts";

await using telegram = await lifeTelegram();
const options = { proxy: Deno.args[0], giveUpAfter: 1 };
const done = await liveThroughProxy(telegram, options).catch((error) => [error.message]);
// deno-lint-ignore no-console
console.log(done.join("\n"));
