/** Tests the text of a stored state: texts with a correct check sum and wrong content. */

import { SessionError } from "../../mod.ts";
import {
  bytesToHex,
  decodeBase64,
  encodeBase64Url,
  encodeUtf8,
  sha256,
} from "../../src/crypto/mod.ts";
import { readStateText, writeStateText } from "../../src/session/state/state_text.ts";
import { stateTextVersion } from "../../src/session/state/text_kind.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { plain, stateOf } from "../helpers/states.ts";

/** A text of ours with this in it, and the right check sum. */
function textOf(state: unknown): string {
  const json = encodeUtf8(JSON.stringify(state));
  return `tessera1.${encodeBase64Url(json)}.${bytesToHex(sha256(json).subarray(0, 8))}`;
}

const KEY = encodeBase64Url(new Uint8Array(256).fill(7));
const DC = { id: 2, host: "127.0.0.1", port: 443 };

Deno.test("readStateText() reverses writeStateText()", () => {
  for (let n = 0; n < 8; n++) {
    const text = writeStateText(stateOf(n));
    assertEquals(stateTextVersion(text), "1");
    assertEquals(plain(readStateText(text)), plain(stateOf(n)));
  }
});

Deno.test("A state text of the first version is read and written identically", () => {
  const json = `{"dcId":2,"dcs":[{"id":2,"host":"127.0.0.1","port":443,"authKey":"${KEY}",` +
    `"serverSalt":"-5","timeOffset":-7.5}],` +
    `"user":{"id":"8999999999","isBot":true,"username":"a_bot","dcId":2},` +
    `"testMode":true,"updates":{"pts":1,"qts":2,"date":3,"seq":4},"futureAuthTokens":["AQI"]}`;
  const text = textOf(JSON.parse(json));
  assertEquals(writeStateText(readStateText(text)), text);
  const { dcs, futureAuthTokens } = readStateText(text);
  assertEquals([dcs[0].serverSalt, dcs[0].timeOffset], [-5n, -7500]);
  assertEquals(futureAuthTokens?.map((token) => [...token]), [[1, 2]]);
});

Deno.test("readStateText() reads a state with its required fields only", () => {
  assertEquals(readStateText(textOf({ dcId: 2, dcs: [] })), { dcId: 2, dcs: [] });
  const user = { id: "-9223372036854775808", isBot: false };
  const state = readStateText(
    textOf({ dcId: 2, dcs: [DC], user, testMode: false, updates: undefined }),
  );
  assertEquals(state, {
    dcId: 2,
    dcs: [DC],
    user: { id: -9223372036854775808n, isBot: false },
    testMode: false,
  });
});

Deno.test("A state text keeps the addresses of a data center in few characters", () => {
  const addresses = [
    { host: "149.154.167.51", port: 443 },
    { host: "2001:67c:4e8:f002::b", port: 443, mediaOnly: true, tcpoOnly: true },
    { host: "a".repeat(255), port: 65_535, thisPortOnly: true },
  ];
  const text = writeStateText({ dcId: 2, dcs: [{ ...DC, addresses, addressesDate: 7 }] });
  const json = new TextDecoder().decode(decodeBase64(text.split(".")[1]));
  const { dcs: [dc] } = JSON.parse(json);
  assertEquals(dc, {
    ...DC,
    addresses: [
      ["149.154.167.51", 443],
      ["2001:67c:4e8:f002::b", 443, 6],
      ["a".repeat(255), 65_535, 32],
    ],
    addressesDate: 7,
  });
  assertEquals(readStateText(text).dcs, [{ ...DC, addresses, addressesDate: 7 }]);
});

Deno.test("readStateText() ignores the fields that a later version adds", () => {
  const state = readStateText(textOf({
    dcId: 2,
    later: true,
    dcs: [{ ...DC, addresses: [["127.0.0.1", 443, 64 | 2, "later"]], later: [1] }],
  }));
  const addresses = [{ host: "127.0.0.1", port: 443, mediaOnly: true }];
  assertEquals(state, { dcId: 2, dcs: [{ ...DC, addresses }] });
});

const UPDATES = { pts: 1, qts: 2, date: 3, seq: 4 };
const WRONG: readonly unknown[] = [
  null,
  7,
  "text",
  {},
  { dcId: "2", dcs: [] },
  { dcId: 2 },
  { dcId: 2, dcs: {} },
  { dcId: 2, dcs: [null] },
  { dcId: 2, dcs: [{ ...DC, id: "2" }] },
  { dcId: 2, dcs: [{ ...DC, host: 127 }] },
  { dcId: 2, dcs: [{ ...DC, port: "443" }] },
  { dcId: 2, dcs: [{ ...DC, addresses: "127.0.0.1:443" }] },
  { dcId: 2, dcs: [{ ...DC, addresses: ["127.0.0.1:443"] }] },
  ...[[], ["", 443], ["a b", 443], ["a".repeat(256), 443], [7, 443], ["a", 0], ["a", 65_536]]
    .map((address) => ({ dcId: 2, dcs: [{ ...DC, addresses: [address] }] })),
  ...[["a", 1.5], ["a", "443"], ["a", 443, "2"], null, { host: "a", port: 443 }]
    .map((address) => ({ dcId: 2, dcs: [{ ...DC, addresses: [address] }] })),
  { dcId: 2, dcs: [{ ...DC, addresses: new Array(33).fill(["127.0.0.1", 443]) }] },
  { dcId: 2, dcs: [{ ...DC, addressesDate: "7" }] },
  { dcId: 2, dcs: [{ ...DC, authKey: KEY.slice(4) }] },
  { dcId: 2, dcs: [{ ...DC, authKey: 7 }] },
  { dcId: 2, dcs: [{ ...DC, serverSalt: 7 }] },
  { dcId: 2, dcs: [{ ...DC, serverSalt: "seven" }] },
  { dcId: 2, dcs: [{ ...DC, serverSalt: "9".repeat(21) }] },
  { dcId: 2, dcs: [{ ...DC, timeOffset: "7" }] },
  { dcId: 2, dcs: [], user: null },
  { dcId: 2, dcs: [], user: { isBot: true } },
  { dcId: 2, dcs: [], user: { id: "7", username: 7 } },
  { dcId: 2, dcs: [], user: { id: "7", dcId: "2" } },
  { dcId: 2, dcs: [], updates: 7 },
  ...Object.keys(UPDATES).map((name) => ({
    dcId: 2,
    dcs: [],
    updates: { ...UPDATES, [name]: "7" },
  })),
  { dcId: 2, dcs: [], futureAuthTokens: "AQ" },
  { dcId: 2, dcs: [], futureAuthTokens: [7] },
];

Deno.test("readStateText() refuses missing and mistyped fields with a good check sum", () => {
  for (const wrong of WRONG) {
    const text = textOf(wrong);
    const error = assertThrows(() => readStateText(text), SessionError, "it is damaged");
    assert(error.cause instanceof Error, JSON.stringify(wrong));
  }
});

Deno.test("readStateText() distinguishes damage, later versions and other texts", () => {
  const text = writeStateText(stateOf(3));
  const says = (wrong: string): string =>
    assertThrows(() => readStateText(wrong), SessionError).message;
  for (const at of [12, 100, text.length - 1]) {
    const other = text[at] === "A" ? "B" : "A";
    assert(says(text.slice(0, at) + other + text.slice(at + 1)).includes("it is damaged"));
  }
  assert(says(text.slice(0, -17)).includes("it is damaged"));
  assert(says(text.slice(0, -1)).includes("it is damaged"));
  assert(says(text.replace("tessera1", "tessera2")).includes("of version 2, expected 1"));
  assert(says("1BVtsOK").includes("it is not a session of tessera"));
  assertEquals(stateTextVersion(text.replace("tessera1", "tessera2")), "2");
  assertEquals(stateTextVersion("1BVtsOK"), undefined);
});

Deno.test("The error of a damaged state shows nothing of its text", () => {
  const piece = "TAzNjk8P0J1"; // of a key
  for (const id of [`-138${piece}`, piece, "0x12", ""]) {
    const text = textOf({ dcId: 2, dcs: [DC], user: { id, isBot: false } });
    const error = assertThrows(() => readStateText(text), SessionError, "it is damaged");
    assert(!Deno.inspect(error).includes(piece), Deno.inspect(error));
  }
});
