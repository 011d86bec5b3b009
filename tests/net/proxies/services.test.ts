/**
 * A whole life of a client through proxies that others wrote: microsocks, dante, tinyproxy, squid,
 * and stunnel before tinyproxy. They run with `eval "$(.ci/services)"`. Part of
 * `deno task test:services`, and left out without TESSERA_SERVICES.
 */
import { Client, ConnectionError, type ProxyFault, StringSession } from "../../../mod.ts";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "../../helpers/assert.ts";
import { serviceTest } from "../../helpers/long.ts";
import { lifeTelegram, liveThroughProxy, WHOLE_LIFE } from "../../helpers/proxied_life.ts";
import { recordNetwork } from "../../helpers/recorded_network.ts";

const [MICROSOCKS = "", DANTE = "", TINYPROXY = "", SQUID = "", STUNNEL = ""] =
  Deno.env.get("PROXIES")?.split(" ") ?? [];
const PROGRAM = new URL("proxied_program.ts", import.meta.url).pathname;

serviceTest("The proxies of the services are there", () => {
  assert(STUNNEL.startsWith("https://") && DANTE.startsWith("socks5://"));
});

for (
  const [name, proxy] of [
    ["microsocks", MICROSOCKS],
    ["dante", DANTE],
    ["tinyproxy", TINYPROXY],
    ["squid", SQUID],
  ]
) {
  serviceTest(`A whole life of a client goes through ${name}`, async () => {
    await using telegram = await lifeTelegram();
    using network = recordNetwork(Number(new URL(proxy).port));
    assertEquals(await liveThroughProxy(telegram, { proxy }), [...WHOLE_LIFE]);
    assertEquals(network.leaks, []);
  });
}

/** Runs a whole life in another process, which trusts the certificate or does not. */
async function inProgram(proxy: string, env: Record<string, string> = {}): Promise<string> {
  const args = ["run", "-A", "--no-lock", PROGRAM, proxy];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, env }).output();
  return new TextDecoder().decode(stdout).trim();
}

serviceTest("A whole life of a client goes through TLS to stunnel", async () => {
  const trusting = { DENO_CERT: Deno.env.get("PROXY_CERTIFICATE") ?? "" };
  assertEquals(await inProgram(STUNNEL, trusting), WHOLE_LIFE.join("\n"));
});

serviceTest("A proxy whose certificate is not trusted is not used", async () => {
  const text = "it shows a certificate that this runtime does not trust";
  assertStringIncludes(await inProgram(STUNNEL), text);
  const trusting = { DENO_CERT: Deno.env.get("PROXY_CERTIFICATE") ?? "" };
  // The certificate is for localhost and 127.0.0.1.
  const elsewhere = STUNNEL.replace("localhost", "127.0.0.2");
  const printed = await inProgram(elsewhere, trusting);
  assertStringIncludes(printed, "Cannot connect to the proxy");
});

for (
  const [what, proxy, fault, text] of [
    ["microsocks, a wrong password", MICROSOCKS.replace("hunter2", "x"), "refused", "not accept"],
    ["microsocks, no password", MICROSOCKS.replace("lab:hunter2@", ""), "refused", "wants a user"],
    ["tinyproxy, a wrong password", TINYPROXY.replace("hunter2", "x"), "refused", "not accept"],
    ["tinyproxy, no password", TINYPROXY.replace("lab:hunter2@", ""), "refused", "wants a user"],
    ["squid, a wrong password", SQUID.replace("hunter2", "x"), "refused", "not accept"],
    ["squid, no password", SQUID.replace("lab:hunter2@", ""), "refused", "wants a user"],
    ["microsocks, as HTTP", MICROSOCKS.replace("socks5", "http"), "unreachable", "not one of HTTP"],
    [
      "tinyproxy, as SOCKS5",
      TINYPROXY.replace("http", "socks5"),
      "unreachable",
      "no answer in 1.5 s",
    ],
  ] as const
) {
  serviceTest(`The hop that failed is named: ${what}`, async () => {
    await using telegram = await lifeTelegram();
    const error = await failure(telegram.dcs, proxy);
    assertEquals(error.proxyFault as ProxyFault, fault, error.message);
    assert(new RegExp(text, "i").test(error.message), error.message);
  });
}

for (
  const [name, proxy] of [
    ["microsocks", MICROSOCKS],
    ["dante", DANTE],
    ["tinyproxy", TINYPROXY],
    ["squid", SQUID],
  ]
) {
  serviceTest(`${name} cannot reach Telegram, and the error says so`, async () => {
    for (const host of ["127.0.0.1", "dc2.telegram.invalid"]) {
      const error = await failure([{ id: 2, host, port: 9 }], proxy);
      assertEquals(error.proxyFault as ProxyFault, "target", error.message);
      assertStringIncludes(error.message, `Cannot connect to "${host}:9": the proxy "`);
    }
  });
}

async function failure(
  dcs: readonly { id: number; host: string; port: number }[],
  proxy: string,
): Promise<ConnectionError> {
  const options = { dcs, proxy, timeout: 2, connectionRetries: 0 };
  await using client = new Client(new StringSession(), 1, "0".repeat(32), options);
  return await assertRejects(() => client.connect(), ConnectionError);
}
