/**
 * The order in which the addresses of a data center are tried, and the data that ships with the
 * library.
 */
import fc from "fast-check";
import {
  AddressList,
  type AddressListOptions,
  type DcAddress,
  PRODUCTION_DCS,
  TEST_DCS,
  WEB_SOCKET_DCS,
} from "../../src/connection/mod.ts";
import { ipVersionOf } from "../../src/net/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";

const SEED = 20261127;
const TEN_MINUTES = 600_000;
const at = (host: string, flags: Partial<DcAddress> = {}): DcAddress => ({
  host,
  port: 443,
  ...flags,
});

function listOf(
  hosts: readonly (string | DcAddress)[],
  options: Partial<AddressListOptions> = {},
): AddressList {
  const known = hosts.map((one) => typeof one === "string" ? at(one) : one);
  return new AddressList({ dcId: 2, known: () => known, ...options });
}

const hostsOf = (list: AddressList, now = 0): string[] =>
  list.candidates(now).map(({ host, port }) => port === 443 ? host : `${host} ${port}`);

Deno.test("AddressList puts the last good address first, then both IP versions by turns", () => {
  const hosts = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "::1", "::2"];
  assertEquals(hostsOf(listOf(hosts)), ["10.0.0.1", "::1", "10.0.0.2", "::2", "10.0.0.3"]);
  const lastGood = (host: string): Partial<AddressListOptions> => ({ lastGood: () => at(host) });
  assertEquals(
    hostsOf(listOf(hosts, lastGood("10.0.0.3"))),
    ["10.0.0.3", "::1", "10.0.0.1", "::2", "10.0.0.2"],
  );
  assertEquals(
    hostsOf(listOf(hosts, lastGood("::2"))),
    ["::2", "10.0.0.1", "::1", "10.0.0.2", "10.0.0.3"],
  );
  const unknown = hostsOf(listOf(["10.0.0.1"], lastGood("10.9.9.9")));
  assertEquals(unknown, ["10.9.9.9", "10.0.0.1"], "it need not be known otherwise");
  assertEquals(
    hostsOf(listOf(hosts, lastGood("10.9.9.9"))),
    ["10.9.9.9", "10.0.0.1", "::1", "10.0.0.2", "::2", "10.0.0.3"],
    "but it may be dead, and then the preferred version comes next",
  );
});

Deno.test("AddressList.candidates() names the data center, and no flags", () => {
  assertEquals(listOf([at("10.0.0.1", { thisPortOnly: true })]).candidates(0), [
    { host: "10.0.0.1", port: 443, dcId: 2 },
  ]);
});

Deno.test("ipVersion prefers a version of IP, or leaves the other out", () => {
  const hosts = ["10.0.0.1", "::1", "dc.example", "10.0.0.2"];
  const by = (ipVersion: AddressListOptions["ipVersion"], good?: string): string[] =>
    hostsOf(listOf(hosts, { ipVersion, lastGood: () => good === undefined ? good : at(good) }));
  assertEquals(by("prefer4"), ["10.0.0.1", "::1", "dc.example", "10.0.0.2"]);
  assertEquals(by("prefer6"), ["::1", "10.0.0.1", "dc.example", "10.0.0.2"]);
  assertEquals(by("only4"), ["10.0.0.1", "dc.example", "10.0.0.2"], "a name may have both");
  assertEquals(by("only6"), ["::1", "dc.example"]);
  assertEquals(by("only6", "10.0.0.2"), ["::1", "dc.example"], "also without the last good one");
});

Deno.test("ipVersionOf() tells IPv4, IPv6 and names apart", () => {
  const versions = ["149.154.167.51", "2001:67c:4e8:f002::a", "::1", "pluto.web.telegram.org", "1"]
    .map(ipVersionOf);
  assertEquals(versions, [4, 6, 6, undefined, undefined]);
});

Deno.test("an address that failed goes last for ten minutes, or until it works", () => {
  const list = listOf(["10.0.0.1", "10.0.0.2", "10.0.0.3"], { lastGood: () => at("10.0.0.1") });
  const [one, two, three] = list.candidates(0);
  list.failed(one, 1000);
  assertEquals(hostsOf(list, 1000), ["10.0.0.2", "10.0.0.3", "10.0.0.1"]);
  assertEquals(hostsOf(list, 1000 + TEN_MINUTES), ["10.0.0.1", "10.0.0.2", "10.0.0.3"]);
  list.failed(three, 2000);
  list.failed(two, 3000);
  assertEquals(hostsOf(list, 3000), ["10.0.0.1", "10.0.0.3", "10.0.0.2"], "the oldest first");
  list.worked(three);
  assertEquals(hostsOf(list, 3000), ["10.0.0.3", "10.0.0.1", "10.0.0.2"]);
});

Deno.test("AddressList.isExhausted() is true when every usable address failed lately", () => {
  const list = listOf(["10.0.0.1", "10.0.0.2", at("10.0.0.3", { mediaOnly: true })]);
  const [one, two] = list.candidates(0);
  list.failed(one, 0);
  assert(!list.isExhausted(0));
  list.failed(two, 5);
  assert(list.isExhausted(5));
  assert(!list.isExhausted(TEN_MINUTES), "the first one may be tried again");
  list.worked(two);
  assert(!list.isExhausted(5));
});

Deno.test("AddressList leaves out addresses that do not serve calls", () => {
  const hosts = [
    at("10.0.0.1", { mediaOnly: true }),
    at("10.0.0.2", { tcpoOnly: true }),
    at("10.0.0.3", { thisPortOnly: true }),
    { host: "10.0.0.3", port: 80 },
    { host: "10.0.0.4", port: 80 },
  ];
  assertEquals(hostsOf(listOf(hosts)), ["10.0.0.3", "10.0.0.4 80"]);
  const obfuscated = hostsOf(listOf(hosts, { isObfuscated: true }));
  assertEquals(obfuscated, ["10.0.0.2", "10.0.0.3", "10.0.0.4 80"]);
  // The session knows the last good address without its flags.
  const good = listOf(hosts, { lastGood: () => at("10.0.0.2") });
  assertEquals(hostsOf(good), ["10.0.0.3", "10.0.0.4 80"]);
});

Deno.test("AddressList asks for the known addresses anew at each attempt", () => {
  let known = [at("10.0.0.1")];
  const list = new AddressList({ dcId: 2, known: () => known });
  assertEquals(hostsOf(list), ["10.0.0.1"]);
  known = [at("10.0.0.2"), at("10.0.0.2")];
  assertEquals(hostsOf(list), ["10.0.0.2"], "each of them once");
});

Deno.test("AddressList.candidates() loses and doubles nothing, whatever failed when", () => {
  const host = fc.constantFrom("10.0.0.1", "10.0.0.2", "::1", "::2", "a.example", "b.example");
  const port = fc.constantFrom(443, 80);
  const address = fc.record({ host, port });
  const failures = fc.array(fc.record({ address, at: fc.integer({ min: 0, max: 2_000_000 }) }));
  const property = fc.property(
    fc.array(address),
    fc.option(address, { nil: undefined }),
    failures,
    fc.constantFrom("prefer4" as const, "prefer6" as const),
    (known, good, failed, ipVersion) => {
      const list = new AddressList({
        dcId: 2,
        known: () => known,
        lastGood: () => good,
        ipVersion,
      });
      for (const { address, at } of failed) list.failed(address, at);
      const keys = (all: readonly DcAddress[]): string[] =>
        [...new Set(all.map(({ host, port }) => `${host} ${port}`))].toSorted();
      const candidates = list.candidates(1_000_000);
      assertEquals(keys(candidates), keys(good === undefined ? known : [...known, good]));
      assertEquals(keys(candidates).length, candidates.length);
    },
  );
  fc.assert(property, { seed: SEED, numRuns: runs(100, 2000) });
});

Deno.test("each data center of Telegram has several addresses, the usual IPv4 one first", () => {
  for (const [dcs, count] of [[PRODUCTION_DCS, 5], [TEST_DCS, 3]] as const) {
    const byId = Map.groupBy(dcs, ({ id }) => id);
    assertEquals([...byId.keys()], Array.from({ length: count }, (_, index) => index + 1));
    for (const own of byId.values()) {
      const [first, second] = own;
      assertEquals([ipVersionOf(first.host), first.port], [4, 443]);
      assertEquals([ipVersionOf(second.host), second.port], [6, 443]);
      assertEquals(own.slice(-2).map(({ host, port }) => [host, port]), [
        [first.host, 80],
        [first.host, 5222],
      ]);
      assertEquals(new Set(own.map(({ host, port }) => `${host} ${port}`)).size, own.length);
      assert(own.every(({ testMode = false }) => testMode === (dcs === TEST_DCS)));
    }
  }
  const second = WEB_SOCKET_DCS.filter(({ id }) => id === 2).map(({ host }) => host);
  const files = WEB_SOCKET_DCS.filter(({ id, mediaOnly }) => id === 2 && mediaOnly);
  const names = ["venus", "venus-1", "kws2", "kws2-1", "zws2", "zws2-1"];
  assertEquals(second, names.map((name) => `${name}.web.telegram.org`));
  assert(files.length === 3 && files.every(({ host }) => host.includes("-1.")));
});
