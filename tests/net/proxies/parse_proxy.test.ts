/**
 * A proxy in the forms in which people have one: URLs, Telegram's links, and the objects of other
 * libraries. No error repeats what was read.
 */
import { parseProxy, proxyName } from "../../../src/net/proxies/parse_proxy.ts";
import type { Proxy, ProxyOptions } from "../../../src/net/mod.ts";
import { assertEquals, assertNotMatch, assertThrows } from "../../helpers/assert.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";

/** The fields of a proxy, which printing hides. */
function fieldsOf(options: unknown): Proxy {
  return { ...parseProxy(options as ProxyOptions) };
}

const SOCKS = { kind: "socks5", host: "h", port: 1080 } as const;
const LAB = { ...SOCKS, username: "lab", password: "p@ss" } as const;
const MTPROXY = { kind: "mtproxy", host: "1.2.3.4", port: 443, secret: "dd00" } as const;

const FORMS: readonly (readonly [unknown, Proxy])[] = [
  ["socks5://h:1080", SOCKS],
  ["socks5h://h", SOCKS],
  ["socks://h", SOCKS],
  [" 'SOCKS5://h/' ", SOCKS],
  ["socks5://lab:p%40ss@h:1080", LAB],
  ["socks5://lab:p@ss@h:1080", LAB],
  ["socks5://lab@h", { ...SOCKS, username: "lab" }],
  [new URL("socks5://lab:p%40ss@h:1080"), LAB],
  ["socks5://[::1]:9050", { kind: "socks5", host: "::1", port: 9050 }],
  ["http://proxy.example", { kind: "http", host: "proxy.example", port: 80 }],
  ["http://a:b@10.0.0.1:3128/", {
    kind: "http",
    host: "10.0.0.1",
    port: 3128,
    username: "a",
    password: "b",
  }],
  ["https://proxy.example", { kind: "https", host: "proxy.example", port: 443 }],
  ["https://proxy.example:8443", { kind: "https", host: "proxy.example", port: 8443 }],
  ["https://t.me/proxy?server=1.2.3.4&port=443&secret=dd00", MTPROXY],
  ["http://telegram.me/proxy?server=1.2.3.4&port=443&secret=dd00", MTPROXY],
  ["https://telegram.dog/proxy?port=443&secret=dd00&server=1.2.3.4&x=1", MTPROXY],
  ["tg://proxy?server=1.2.3.4&port=443&secret=dd00", MTPROXY],
  ["tg:proxy?server=1.2.3.4&port=443&secret=dd00", MTPROXY],
  ["https://t.me/proxy?server=1.2.3.4&port=443&secret=7gA+/w==", {
    ...MTPROXY,
    secret: "7gA+/w==",
  }],
  ["https://t.me/proxy?server=1.2.3.4&port=443&secret=7gA%2B%2Fw", {
    ...MTPROXY,
    secret: "7gA+/w",
  }],
  ["https://t.me/socks?server=h&port=1080", SOCKS],
  // From the source of a page
  ["https://t.me/proxy?server=1.2.3.4&amp;port=443&amp;secret=dd00", MTPROXY],
  // Names in other alphabets
  ["socks5://bücher.example:1080", { ...SOCKS, host: "xn--bcher-kva.example" }],
  ["tg://socks?server=b%C3%BCcher.example&port=1080", { ...SOCKS, host: "xn--bcher-kva.example" }],
  [{ ...SOCKS, host: "bücher.example" }, { ...SOCKS, host: "xn--bcher-kva.example" }],
  ["tg://socks?server=h&port=1080&user=lab&pass=p%40ss", LAB],
  ["tg://socks?server=%3A%3A1&port=1080", { ...SOCKS, host: "::1" }],
  [LAB, LAB],
  [MTPROXY, MTPROXY],
  [{ ...SOCKS, noProxy: "localhost", timeout: 2 }, { ...SOCKS, noProxy: "localhost", timeout: 2 }],
  // GramJS and teleproto
  [{ ip: "h", port: 1080, socksType: 5, username: "lab", password: "p@ss", timeout: 2 }, {
    ...LAB,
    timeout: 2,
  }],
  [{ ip: "h", port: 1080, socksType: 5, MTProxy: false, secret: "" }, SOCKS],
  [{ ip: "1.2.3.4", port: 443, MTProxy: true, secret: "dd00" }, MTPROXY],
  // Telethon
  [["socks5", "h", 1080], SOCKS],
  [["SOCKS5", "h", 1080, true, "lab", "p@ss"], LAB],
  [[2, "h", 1080, true, null, null], SOCKS],
  [[3, "h", 1080], { ...SOCKS, kind: "http" }],
  [["1.2.3.4", 443, "dd00"], MTPROXY],
  [
    { proxy_type: "socks5", addr: "h", port: 1080, username: "lab", password: "p@ss", rdns: true },
    LAB,
  ],
  // Pyrogram, and mtcute
  [{ scheme: "http", hostname: "h", port: 1080 }, { ...SOCKS, kind: "http" }],
  [{ host: "h", port: 1080, version: 5, user: "lab", password: "p@ss" }, LAB],
  [{ host: "1.2.3.4", port: 443, secret: "dd00" }, MTPROXY],
];

Deno.test("parseProxy() takes each form of a proxy", () => {
  for (const [form, proxy] of FORMS) {
    assertEquals(fieldsOf(form), { ...proxy }, JSON.stringify(form));
  }
});

Deno.test("parseProxy() refuses what is no proxy, says why, and repeats none of it", () => {
  const cases: [unknown, RegExp][] = [
    ["", /it is empty/],
    ["hunter2", /it is not a URL/],
    ["lab:hunter2@h:1080", /its kind is missing/],
    ["h:1080", /its kind is missing/],
    ["socks4://h:1", /SOCKS4 is not supported/],
    ["socks4a://h:1", /SOCKS4 is not supported/],
    [{ ip: "h", port: 1, socksType: 4 }, /SOCKS4 is not supported/],
    [["socks4", "h", 1], /SOCKS4 is not supported/],
    ["ftp://lab:hunter2@h:1", /"ftp" is no kind of proxy/],
    ["socks5://", /it is not a URL|it has no host/],
    ["socks5://:hunter2@h:1", /it has a password and no username/],
    ["socks5://h:0", /it has no port/],
    ["socks5://h:65536", /it is not a URL/],
    ["socks5://lab:hunter2/x@h:1", /it is not a URL/],
    ["socks5://lab:1/hunter2@h:1", /something follows the port/],
    ["socks5://lab:1#hunter2@h:1", /something follows the port/],
    ["http://lab:1?hunter2@h:1", /something follows the port/],
    ["socks5://lab:hunter2%zz@h:1", /a % that encodes nothing/],
    ["http://la%3Ab:hunter2@h:1", /its username has a colon/],
    [`socks5://lab:${"hunter2".repeat(40)}@h:1`, /its password has more than 255 bytes/],
    ["https://t.me/joinchat/hunter2", /the link leads to no proxy/],
    ["tg://resolve?domain=hunter2", /the link leads to no proxy/],
    ["https://t.me/proxy?server=h&port=443", /an MTProxy needs a secret/],
    ["https://t.me/proxy?server=h&secret=hunter2", /it has no port/],
    ["https://t.me/proxy?port=443&secret=hunter2", /it has no host/],
    ["https://t.me/proxy?server=h%20hunter2&port=1&secret=aa", /its host is neither/],
    ["https://t.me/socks?server=a@h&port=443&pass=hunter2", /its host is neither/],
    ["https://t.me/socks?server=h:1&port=443", /its host is neither/],
    ["https://t.me/socks?server=h%0d%0aX&port=443", /its host is neither/],
    ["https://t.me/socks?server=h%EF%BC%8Fhunter2&port=443", /its host is neither/],
    ["socks5://h%2Fhunter2:1080", /its host is neither/],
    [{ ...SOCKS, host: "h/x" }, /its host is neither/],
    [{ ...SOCKS, port: "1e3" }, /it has no port/],
    [{ ...SOCKS, port: 1.5 }, /it has no port/],
    [{ ...SOCKS, secret: "hunter2" }, /a proxy of kind socks5 has no secret/],
    [{ ...SOCKS, username: 5 }, /its username is no text/],
    [{ ...SOCKS, timeout: -1 }, /its timeout is no number/],
    [{ ...SOCKS, noProxy: ["h"] }, /its noProxy is no text/],
    [{ ...SOCKS, passwort: "hunter2" }, /it has the field "passwort"/],
    [{ host: "h", port: 1 }, /its kind is missing/],
    [[], /its kind is missing/],
    [["socks5", "h", 1, "lab", "hunter2"], /its fourth part is neither true nor false/],
    [{ ...SOCKS, host: "1.2.3.4:80" }, /its host is neither/],
    [["constructor", "h", 1], /"constructor" is no kind of proxy/],
    [5, /it is of type number/],
  ];
  for (const [form, expected] of cases) {
    const error = assertThrows(() => parseProxy(form as ProxyOptions), TypeError);
    assertEquals(expected.test(error.message), true, `${JSON.stringify(form)}: ${error.message}`);
    assertNotMatch(error.message, /hunter2/);
  }
});

Deno.test("A proxy prints without its password and its secret, and its name has none", () => {
  for (const options of [LAB, { ...MTPROXY, secret: "p@ss" }] as const) {
    const proxy = parseProxy(options);
    const printed = [String(proxy), JSON.stringify(proxy), Deno.inspect(proxy), proxyName(proxy)];
    for (const text of printed) assertNotMatch(text, /p@ss|lab/);
  }
  assertEquals(proxyName({ ...LAB, host: "::1" }), "socks5://[::1]:1080");
});

Deno.test("Mutilated proxies are read or refused with a TypeError, whatever they are", () => {
  const random = seededRandom(2);
  const texts = FORMS.map(([form]) => typeof form === "string" ? form : JSON.stringify(form));
  for (let round = 0; round < 5000; round++) {
    const chars = [...texts[round % texts.length]];
    for (let times = 0; times <= random(1)[0] % 3; times++) {
      const [at, code, what] = random(3);
      const char = String.fromCharCode(code % 128);
      chars.splice(at % (chars.length + 1), what % 2, ...(what % 3 > 0 ? [char] : []));
    }
    try {
      const { host, port } = parseProxy(chars.join(""));
      assertEquals(/[\s/@?#\r\n]/.test(host) || !(port > 0 && port < 65536), false, chars.join(""));
    } catch (error) {
      assertEquals((error as Error).name, "TypeError", String(error));
    }
  }
});
