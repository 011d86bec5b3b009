/**
 * The proxy of the environment, and its exceptions, as curl has them.
 */
import { proxyFromEnvironment } from "../../../mod.ts";
import { isExempt } from "../../../src/net/proxies/no_proxy.ts";
import { assertEquals, assertNotMatch, assertThrows } from "../../helpers/assert.ts";

type Variables = Readonly<Record<string, string>>;

function hostFrom(variables: Variables): string | undefined {
  const proxy = proxyFromEnvironment(variables);
  return proxy && `${proxy.kind}://${proxy.host}:${proxy.port}`;
}

Deno.test("proxyFromEnvironment() takes ALL_PROXY before HTTPS_PROXY, small letters first", () => {
  const cases: [Variables, string | undefined][] = [
    [{}, undefined],
    [{ ALL_PROXY: "", HTTPS_PROXY: " " }, undefined],
    [{ ALL_PROXY: "socks5://a" }, "socks5://a:1080"],
    [{ all_proxy: "socks5h://a", ALL_PROXY: "socks5://b" }, "socks5://a:1080"],
    [{ ALL_PROXY: "socks5://a", https_proxy: "http://b:3128" }, "socks5://a:1080"],
    [{ HTTPS_PROXY: "http://b:3128", https_proxy: "http://c:3128" }, "http://c:3128"],
    [{ HTTPS_PROXY: "b:3128" }, "http://b:3128"],
    [{ all_proxy: "lab:pw@b:3128" }, "http://b:3128"],
    [{ HTTP_PROXY: "http://b:3128", http_proxy: "http://b:3128" }, undefined],
    [{ ALL_PROXY: "socks5://a", NO_PROXY: "localhost, *" }, undefined],
    [{ ALL_PROXY: "https://t.me/proxy?server=a&port=443&secret=aa" }, "mtproxy://a:443"],
  ];
  for (const [variables, expected] of cases) {
    assertEquals(hostFrom(variables), expected, JSON.stringify(variables));
  }
});

Deno.test("proxyFromEnvironment() keeps the exceptions, and names a wrong variable", () => {
  const variables = { ALL_PROXY: "socks5://a", NO_PROXY: "x", no_proxy: "localhost,10.0.0.0/8" };
  assertEquals({ ...proxyFromEnvironment(variables) }, {
    kind: "socks5",
    host: "a",
    port: 1080,
    noProxy: "localhost,10.0.0.0/8",
  });
  const wrong = () => proxyFromEnvironment({ https_proxy: "socks4://lab:hunter2@a" });
  const text = "Cannot use the proxy of https_proxy: SOCKS4 is not supported";
  assertNotMatch(assertThrows(wrong, TypeError, text).message, /hunter2/);
});

Deno.test("proxyFromEnvironment() reads the variables of the process", () => {
  const names = ["all_proxy", "ALL_PROXY"];
  const kept = names.map((name) => [name, Deno.env.get(name)] as const);
  try {
    Deno.env.delete("ALL_PROXY");
    Deno.env.set("all_proxy", "socks5://of-the-process");
    assertEquals(proxyFromEnvironment()?.host, "of-the-process");
  } finally {
    for (const [name, value] of kept) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
});

Deno.test("NO_PROXY excepts names and those below them, addresses, networks and ports", () => {
  const cases: [noProxy: string, host: string, isExempt: boolean][] = [
    ["", "a", false],
    [",", "a", false],
    ["*", "a", true],
    ["example.org", "example.org", true],
    ["example.org", "EXAMPLE.org.", true],
    ["example.org", "dc2.example.org", true],
    [".example.org", "dc2.example.org", true],
    ["*.example.org", "dc2.example.org", true],
    ["example.org", "notexample.org", false],
    ["example.org", "example.org.evil", false],
    ["a, example.org b", "example.org", true],
    ["example.org:443", "example.org", true],
    ["example.org:80", "example.org", false],
    ["127.0.0.1", "127.0.0.1", true],
    ["127.0.0.1:443", "127.0.0.1", true],
    ["0.0.1", "127.0.0.1", false],
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["149.154.160.0/20", "149.154.175.1", true],
    ["149.154.160.0/20", "149.154.176.1", false],
    ["0.0.0.0/0", "1.2.3.4", true],
    ["0.0.0.0/0", "a", false],
    ["0.0.0.0/0", "::1", false],
    ["10.0.0.0/33", "10.0.0.0", false],
    ["10.0.0.0/x", "10.0.0.0", false],
    ["::1", "0:0:0:0:0:0:0:1", true],
    ["[::1]:443", "::1", true],
    ["[::1]:80", "::1", false],
    ["2001:67c::/32", "2001:67c:4e8::a", true],
    ["2001:67c::/32", "2001:67d::a", false],
    [".", "a", false],
  ];
  for (const [noProxy, host, expected] of cases) {
    assertEquals(isExempt({ host, port: 443 }, noProxy), expected, `${noProxy} ${host}`);
  }
});
