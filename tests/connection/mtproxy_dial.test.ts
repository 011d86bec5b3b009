/**
 * The dial to an MTProxy, with servers that are none: a real TLS server (rustls, in Deno) takes
 * each ClientHello for one of a browser, down to its ML-KEM key, and is not taken for the proxy.
 */
import { mtproxyDial } from "../../src/connection/mtproxy/mtproxy_dial.ts";
import { tcpDial } from "../../src/net/mod.ts";
import { systemClock, systemRandom } from "../../src/runtime/mod.ts";
import { SecurityError } from "../../src/mtproto/mod.ts";
import { FakeTlsClient, HELLO_PROFILES, ProxySecret } from "../../src/transport/mtproxy/mod.ts";
import { bytesToHex } from "../../src/crypto/mod.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "../helpers/assert.ts";

const SECRET = new ProxySecret(new Uint8Array(16), "tls", "example.org");

/** Made for this test; valid until 2126. */
const TLS = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqjTWgzAJfW8nF8gk
y3/kCHsZkV5mPB1v/xUqurk+vMuhRANCAARUSNyM2R/0b6wXnrEi1nU9JdTY2ZGI
J7KakIMmq/3ZyQwiZRJvBlUreRd8uNi0tTkJkHGf6luC8xyU75r62hpn
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmDCCAT6gAwIBAgIUOe+d3fIrMa6+Kb7RrnrKQv8+/lMwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLZXhhbXBsZS5vcmcwIBcNMjYxMTI4MDAwMjU5WhgPMjEyNjEx
MDQwMDAyNTlaMBYxFDASBgNVBAMMC2V4YW1wbGUub3JnMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEVEjcjNkf9G+sF56xItZ1PSXU2NmRiCeympCDJqv92ckMImUS
bwZVK3kXfLjYtLU5CZBxn+pbgvMclO+a+toaZ6NoMGYwHQYDVR0OBBYEFFea5lVi
5XLByrJdDamciZbchW1NMB8GA1UdIwQYMBaAFFea5lVi5XLByrJdDamciZbchW1N
MBYGA1UdEQQPMA2CC2V4YW1wbGUub3JnMAwGA1UdEwEB/wQCMAAwCgYIKoZIzj0E
AwIDSAAwRQIgIVbQJXAq3GtpE8cFA3Q39MAr9B9DC8565vzA+ampI1MCIQDcYJS3
R/v0dkSvLVOQA981uZPpD4gLUeV0R3pqj5zOlg==
-----END CERTIFICATE-----
`,
};

/** A TLS server of the domain of the secret, as a proxy has it behind it. */
function site(): { readonly port: number } & Disposable {
  const listener = Deno.listenTls({
    ...TLS,
    port: 0,
    hostname: "127.0.0.1",
    alpnProtocols: ["h2"],
  });
  void (async () => {
    for await (const connection of listener) connection.handshake().catch(() => {});
  })();
  return { port: listener.addr.port, [Symbol.dispose]: () => listener.close() };
}

for (const profile of HELLO_PROFILES) {
  Deno.test(`a real TLS server answers the ClientHello of ${profile.browser}`, async () => {
    using server = site();
    const now = Math.floor(Date.now() / 1000);
    const client = new FakeTlsClient({ secret: SECRET, random: systemRandom, now, profile });
    using connection = await Deno.connect({ port: server.port });
    await connection.write(client.start());
    const buffer = new Uint8Array(4096);
    const length = await connection.read(buffer) ?? 0;
    const answer = bytesToHex(buffer.subarray(0, length));
    // A ServerHello with a key share for X25519MLKEM768: the server could use the key.
    assertStringIncludes(answer.slice(0, 22), "160303");
    assertEquals(answer.slice(10, 12), "02");
    assertStringIncludes(answer, "0033" + "0464" + "11ec" + "0460");
  });
}

Deno.test("the site of the domain is not taken for the proxy", async () => {
  using server = site();
  const dial = mtproxyDial({
    proxy: { host: "127.0.0.1", port: server.port },
    secret: SECRET,
    dial: tcpDial,
    random: systemRandom,
    clock: systemClock,
    now: () => Math.floor(Date.now() / 1000),
  });
  const error = await assertRejects(() => dial({ host: "", port: 1 }), SecurityError);
  assertEquals(error.check, "proxy_secret");
});
