/**
 * A program that Deno lets connect to the proxy, and to nothing else: `--allow-net` names it alone,
 * and no other permission is given. The addresses of the data centers lead nowhere.
 */
import { OfflineTelegram } from "../../../src/testing/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { hide } from "../../helpers/hidden_telegram.ts";
import { startProxy } from "../../helpers/proxy_servers.ts";

const PROGRAM = new URL("permitted_program.ts", import.meta.url).pathname;
const CREDENTIALS = { username: "lab", password: "hunter2" };

for (const kind of ["socks5", "http"] as const) {
  Deno.test(`A client needs --allow-net for its proxy of kind ${kind} alone`, async () => {
    const accounts = [{ phone: "+9996644444", code: "22222", dcId: 4 }];
    await using telegram = await OfflineTelegram.start({ dcs: [2, 4], accounts });
    const { dcs, route } = hide(telegram);
    await using proxy = startProxy({ kind, ...CREDENTIALS, route });
    const { apiId, apiHash, publicKeyPem } = telegram;
    const options = JSON.stringify({ apiId, apiHash, publicKeyPem, dcs, proxy: proxy.url });
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--no-lock", "--no-check", "--cached-only"],
        ...[`--allow-net=127.0.0.1:${proxy.port}`, PROGRAM, options],
      ],
      signal: AbortSignal.timeout(120_000), // a program that hangs
    }).output();
    const [text, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    const done = { direct: "NotCapable", signedInAt: 4, calledAt: 2 };
    assertEquals(text === "" ? errors : JSON.parse(text), done);
    assert(proxy.accepted > 1);
    assertEquals(new Set(proxy.targets), new Set(dcs.map(({ host, port }) => `${host}:${port}`)));
  });
}
