/** Secrets of MTProxies in all their forms, and what is none. */
import {
  bytesToHex,
  concatBytes,
  encodeBase64,
  encodeBase64Url,
  encodeUtf8,
  hexToBytes,
} from "../../../src/crypto/mod.ts";
import { ProxySecret } from "../../../src/transport/mtproxy/mod.ts";
import { assert, assertEquals, assertThrows } from "../../helpers/assert.ts";

const KEY = hexToBytes("ff3e4fbf0ae7b8c1d2e3f4051627fbf0");
const FORMS: readonly [kind: string, bytes: Uint8Array, domain?: string][] = [
  ["plain", KEY],
  ["padded", concatBytes(Uint8Array.of(0xdd), KEY)],
  ["tls", concatBytes(Uint8Array.of(0xee), KEY, encodeUtf8("example.org")), "example.org"],
  ["tls", concatBytes(Uint8Array.of(0xee), KEY, encodeUtf8("a")), "a"],
];

for (const [kind, bytes, domain] of FORMS) {
  Deno.test(`ProxySecret.parse() reads ${bytes.length} bytes, ${kind}, in every form`, () => {
    const hex = bytesToHex(bytes);
    const forms = [
      bytes,
      hex,
      hex.toUpperCase(),
      ` ${hex}\n`,
      encodeBase64(bytes),
      encodeBase64(bytes).replaceAll("=", ""),
      encodeBase64(bytes).replaceAll("+", " ").trimEnd(),
      encodeBase64Url(bytes),
      encodeBase64Url(bytes, { padding: true }),
    ];
    for (const form of forms) {
      const secret = ProxySecret.parse(form);
      assertEquals([secret.kind, secret.domain, secret.key], [kind, domain, KEY]);
      assertEquals(ProxySecret.parse(secret.text).text, secret.text);
    }
  });
}

Deno.test("ProxySecret.parse() reads 32 digits as hexadecimal, though they are base64, too", () => {
  assertEquals(ProxySecret.parse("0".repeat(32)).key, new Uint8Array(16));
});

Deno.test("ProxySecret.parse() says what is wrong, and never the secret", () => {
  const key = bytesToHex(KEY);
  for (
    const [given, text] of [
      ["", "it has 0 bytes, expected at least 16. Copy all of it."],
      ["?!", "it is neither hexadecimal nor base64. Copy all of it."],
      [key.slice(2), "it has 15 bytes, expected at least 16. Copy all of it."],
      [
        `aa${key}`,
        "it has 17 bytes of an unknown kind, expected 16, dd and 16, or ee, 16 and a domain.",
      ],
      [
        `dd${key}61`,
        "it has 18 bytes of an unknown kind, expected 16, dd and 16, or ee, 16 and a domain.",
      ],
      [`ee${key}`, "it begins with ee, and has no domain. Copy all of it."],
      [`ee${key}${"61".repeat(183)}`, "its domain has 183 bytes, expected 1 to 182."],
      [`ee${key}ff`, "its domain is no text. Copy all of it."],
      [`ee${key}0a`, "its domain is no text. Copy all of it."],
    ]
  ) {
    const error = assertThrows(() => ProxySecret.parse(given), TypeError);
    assertEquals(error.message, `Cannot use the secret of an MTProxy: ${text}`);
    assert(!error.message.includes(key));
  }
  assertThrows(() => new ProxySecret(KEY, "tls"), TypeError, "a domain belongs to the kind tls");
});

Deno.test("a ProxySecret prints its kind only", () => {
  const secret = ProxySecret.parse(FORMS[2][1]);
  const shown = [String(secret), JSON.stringify({ secret }), Deno.inspect(secret), `${secret}`];
  assertEquals(shown, [
    "ProxySecret(tls)",
    '{"secret":"ProxySecret(tls)"}',
    "ProxySecret(tls)",
    "ProxySecret(tls)",
  ]);
});
