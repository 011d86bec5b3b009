/**
 * The scenario in a network of its own, in which nothing can be reached but one port: bytes for it
 * go through a socket of the file system to a proxy outside. Arguments: that socket, the setting
 * without its proxy, and the URL of the proxy outside. Prints what was done.
 */
import { scenario, type Setting } from "../../runtimes/scenario.ts";

const [socket, text, outside] = Deno.args;
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
void (async () => {
  for await (const connection of listener) {
    const out = await Deno.connect({ transport: "unix", path: socket });
    const both = [
      connection.readable.pipeTo(out.writable),
      out.readable.pipeTo(connection.writable),
    ];
    void Promise.allSettled(both);
  }
})();

const setting: Setting = JSON.parse(text);
const proxy = new URL(outside);
proxy.port = String(listener.addr.port);
// The Telegram is not there without the proxy: the address is that of another network.
const [{ host: hostname, port }] = setting.dcs;
const direct = await Deno.connect({ hostname, port }).then(() => "reached", ({ name }) => name);
const done = await scenario({ ...setting, proxy: proxy.href });
// deno-lint-ignore no-console
console.log(JSON.stringify({ direct, done }));
Deno.exit();
