/**
 * Tests session strings. Other libraries wrote those in tests/vectors/sessions.json, with keys of
 * no real account. GramJS's StringSession, from npm, reads and writes them here.
 */

import * as gramjs from "telegram/sessions/index.js";
import { AuthKey as GramJsKey } from "telegram/crypto/AuthKey.js";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { encodeBase64, encodeBase64Url, hexToBytes } from "../../src/crypto/mod.ts";
import { findDc, SessionError, StringSession } from "../../src/session/mod.ts";
import { packIp, unpackIp } from "../../src/session/state/ip_address.ts";
import { writeStateText } from "../../src/session/state/state_text.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../helpers/assert.ts";

interface Vectors {
  telethon: { dcId: number; host: string; port: number; key: "ramp" | "ff"; text: string }[];
  ipv6: [hex: string, text: string][];
  foreign: { format: string; text: string }[];
}
const vectors: Vectors = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/sessions.json", import.meta.url)),
);
const RAMP = Uint8Array.from({ length: 256 }, (_, i) => (i * 7 + 1) % 256);
const KEYS = { ramp: RAMP, ff: new Uint8Array(256).fill(255) };

function sessionOf(dcId: number, host: string, port: number, key: Uint8Array): StringSession {
  const session = new StringSession();
  session.setDC(dcId, host, port);
  session.setAuthKey(key);
  return session;
}

Deno.test("StringSession reads what Telethon wrote, IPv4 and IPv6", () => {
  for (const { dcId, host, port, key, text } of vectors.telethon) {
    const { state } = new StringSession(text);
    assertEquals(state.dcId, dcId);
    assertEquals({ ...findDc(state) }, { id: dcId, host, port, authKey: KEYS[key] });
  }
});

Deno.test("StringSession writes what Telethon writes, to the character", () => {
  for (const { dcId, host, port, key, text } of vectors.telethon) {
    assertEquals(sessionOf(dcId, host, port, KEYS[key]).save(), text);
    assertEquals(new StringSession(text).save(), text);
  }
});

Deno.test("StringSession reads strings of GramJS with addresses of any length", async () => {
  for (
    const host of [
      "149.154.167.50",
      "1.1.1.1",
      "149.154.175.100",
      "2001:67c:4e8:f002::a",
      "venus.web.telegram.org",
    ]
  ) {
    const theirs = new gramjs.StringSession("");
    theirs.setDC(2, host, 443);
    const key = new GramJsKey();
    await key.setKey(Buffer.from(RAMP));
    theirs.setAuthKey(key);
    const { state } = new StringSession(theirs.save());
    assertEquals({ ...findDc(state) }, { id: 2, host, port: 443, authKey: RAMP });
  }
});

Deno.test("GramJS reads what StringSession writes, also for a host name", async () => {
  for (const host of ["149.154.167.50", "venus.web.telegram.org"]) {
    const theirs = new gramjs.StringSession(sessionOf(4, host, 443, RAMP).save());
    await theirs.load();
    assertEquals([theirs.dcId, theirs.serverAddress, theirs.port], [4, host, 443]);
    assertEquals(Uint8Array.from(theirs.authKey?.getKey() ?? []), RAMP);
  }
});

Deno.test("StringSession reads back any data center that it writes", () => {
  const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
  const port = fc.integer({ min: 1, max: 65535 });
  const key = fc.uint8Array({ minLength: 256, maxLength: 256 }).filter((k) => k.some((b) => b > 0));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 255 }), host, port, key, (dcId, host, port, key) => {
      const home = findDc(new StringSession(sessionOf(dcId, host, port, key).save()).state);
      const ip = packIp(host);
      assertEquals({ ...home }, {
        id: dcId,
        host: ip === undefined ? host : unpackIp(ip),
        port,
        authKey: key,
      });
    }),
    { seed: 6, numRuns: 300 },
  );
});

Deno.test("StringSession accepts white space, missing padding and both alphabets", () => {
  const bytes = new Uint8Array(263).fill(0xfb);
  bytes.set([2, 127, 0, 0, 1, 1, 187]);
  const forms = [
    encodeBase64(bytes),
    encodeBase64Url(bytes),
    encodeBase64Url(bytes, { padding: true }),
  ];
  for (const form of forms) {
    assertEquals(findDc(new StringSession(` \n1${form}\r\n`).state)?.port, 443);
  }
});

Deno.test("StringSession of a blank string is new, and saves as an empty string", () => {
  for (const text of ["", "  \n"]) {
    const session = new StringSession(text);
    assertEquals({ ...session.state }, { dcId: 2, dcs: [] });
    assertEquals(session.save(), "");
  }
  const session = new StringSession();
  session.setDC(2, "149.154.167.50", 443);
  assertEquals(session.save(), "");
});

Deno.test("StringSession takes a key of zeros for no key", () => {
  const bytes = new Uint8Array(263);
  bytes.set([2, 127, 0, 0, 1, 1, 187]);
  const { state } = new StringSession("1" + encodeBase64(bytes));
  assertEquals({ ...findDc(state) }, { id: 2, host: "127.0.0.1", port: 443 });
});

Deno.test("StringSession names the library of a foreign string, and hides the string", () => {
  for (const { format, text } of vectors.foreign) {
    const error = assertThrows(() => new StringSession(text), SessionError, format);
    assertEquals(error.format, format);
    assertStringIncludes(error.message, "expected one of Telethon 1 or GramJS");
    assertEquals(Deno.inspect(error).includes(text.slice(8, 24)), false);
  }
});

Deno.test("StringSession describes an invalid string, and does not quote it", () => {
  const good = sessionOf(2, "149.154.167.50", 443, RAMP).save();
  const zeroPort = new Uint8Array(263).fill(9);
  zeroPort.set([2, 127, 0, 0, 1, 0, 0]);
  const cases: [text: string, says: string][] = [
    [good.slice(0, 320), "its 320 characters are cut short or changed"],
    [good.slice(0, 100) + "!" + good.slice(101), "its 353 characters are cut short or changed"],
    ["2" + good.slice(1), "its 353 characters are of no known format"],
    ["1", "its 1 characters are of no known format"],
    ["hunter2hunter2", "its 14 characters are of no known format"],
    ["my account.session", "it looks like the path of a file"],
    ["C:\\sessions\\me", "it looks like the path of a file"],
    ["./me.db", "it looks like the path of a file"],
    ["1" + encodeBase64(zeroPort), "it is damaged (DC 2, port 0)"],
  ];
  for (const [text, says] of cases) {
    const error = assertThrows(() => new StringSession(text), SessionError, says);
    assert(text.length < 2 || !error.message.includes(text.slice(0, 12)), error.message);
    assertEquals(error.format, undefined);
  }
});

Deno.test("StringSession throws only SessionError, whatever the text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String({ maxLength: 500 })), (text) => {
      try {
        new StringSession("1" + text);
      } catch (error) {
        if (!(error instanceof SessionError)) throw error;
      }
    }),
    { seed: 6, numRuns: 500 },
  );
});

Deno.test("StringSession.save() refuses a data center that does not fit", () => {
  assertThrows(() => sessionOf(256, "127.0.0.1", 443, RAMP).save(), SessionError, "DC 256");
  assertThrows(() => sessionOf(2, "127.0.0.1", 70000, RAMP).save(), SessionError, "port 70000");
});

Deno.test("unpackIp() writes IPv6 addresses in the short form, and packIp() reads them", () => {
  for (const [hex, text] of vectors.ipv6) {
    assertEquals(unpackIp(hexToBytes(hex)), text);
    assertEquals(packIp(text), hexToBytes(hex));
  }
});

Deno.test("packIp() reads an embedded IPv4 address and refuses other texts", () => {
  assertEquals(unpackIp(packIp("::ffff:1.2.3.4") ?? new Uint8Array(16)), "::ffff:102:304");
  for (
    const [short, long] of [
      ["1:2:3::5:6:7:8", "1:2:3:0:5:6:7:8"],
      ["::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"],
      ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ]
  ) {
    assertEquals(packIp(short), packIp(long));
    assertEquals(packIp(short)?.length, 16);
  }
  for (
    const text of [
      "",
      "256.1.1.1",
      "1.2.3",
      "1::2::3",
      "1:2:3:4:5:6:7",
      "::12345",
      "1:2:3:4:5:6:7:8:9",
      "localhost",
      ":::",
      "1:2:3:4:5:6:7::8",
    ]
  ) {
    assertEquals(packIp(text), undefined, text);
  }
});

Deno.test("StringSession refers a string of the format tessera to importSession()", () => {
  const text = writeStateText({ dcId: 2, dcs: [] });
  const error = assertThrows(() => new StringSession(text), SessionError);
  assertStringIncludes(error.message, "it is one of tessera, which importSession() reads");
  assertEquals(error.format, "tessera");
});
