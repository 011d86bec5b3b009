/**
 * The wrappers that clients put around their calls: https://core.telegram.org/api/invoking
 */
import { gzipSync } from "node:zlib";
import { concatBytes } from "../../src/crypto/mod.ts";
import { packGzip, SecurityError } from "../../src/mtproto/mod.ts";
import { unwrap } from "../../src/testing/call_wrappers.ts";
import { apiSchema, TlError } from "../../src/tl/mod.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { pick, seededRandom } from "../helpers/seeded_random.ts";

const QUERY = apiSchema().encode({ _: "help.getConfig" });

const initConnection = {
  _: "initConnection",
  apiId: 17,
  deviceModel: "d",
  systemVersion: "s",
  appVersion: "a",
  systemLangCode: "en",
  langPack: "",
  langCode: "en",
  query: QUERY,
};

Deno.test("unwrap() returns a bare call unchanged", () => {
  const call = unwrap(QUERY);
  assertEquals(call.query, QUERY);
  assertEquals([call.layer, call.withoutUpdates], [undefined, false]);
});

Deno.test("unwrap() reads layer and api id in any nesting, and packed at any place", () => {
  const gzip = (bytes: Uint8Array): Uint8Array => packGzip(new Uint8Array(gzipSync(bytes)));
  const inner = { ...initConnection, query: gzip(QUERY) };
  const layered = apiSchema().encode({ _: "invokeWithLayer", layer: 158, query: inner });
  const waiting = apiSchema().encode({ _: "invokeAfterMsg", msgId: 4n, query: gzip(layered) });
  const quiet = apiSchema().encode({ _: "invokeWithoutUpdates", query: waiting });
  for (const body of [layered, waiting, quiet, gzip(quiet)]) {
    const call = unwrap(body);
    assertEquals(call.query, QUERY);
    assertEquals([call.layer, call.apiId], [158, 17]);
  }
  assert(unwrap(quiet).withoutUpdates);
  assert(!unwrap(waiting).withoutUpdates);
});

Deno.test("unwrap() reads initConnection with a proxy and with parameters", () => {
  const query = apiSchema().encode({
    ...initConnection,
    proxy: { _: "inputClientProxy", address: "h", port: 1 },
    params: {
      _: "jsonObject",
      value: [{ _: "jsonObjectValue", key: "tz_offset", value: { _: "jsonNumber", value: 3600 } }],
    },
  });
  assertEquals(unwrap(query).query, QUERY);
});

Deno.test("unwrap() reads initConnection by the id of older builds of TDLib", () => {
  const body = apiSchema().encode(initConnection);
  new DataView(body.buffer, body.byteOffset).setUint32(0, 0x785188b8, true);
  const call = unwrap(body);
  assertEquals(call.query, QUERY);
  assertEquals([call.apiId, call.device?.deviceModel], [17, "d"]);
});

Deno.test("unwrap() stops at 16 wrappers", () => {
  let body = QUERY;
  for (let i = 0; i < 40; i++) {
    body = apiSchema().encode({ _: "invokeWithoutUpdates", query: body });
  }
  assertEquals(unwrap(body).query.length, QUERY.length + 4 * (40 - 16));
});

Deno.test("unwrap() throws a TlError for incomplete wrappers, a SecurityError for bad gzip", () => {
  const whole = apiSchema().encode({ _: "invokeWithLayer", layer: 158, query: initConnection });
  for (let length = 4; length < whole.length - QUERY.length; length++) {
    if (length === 8) continue; // the layer alone, with an empty query
    try {
      assert(unwrap(whole.subarray(0, length)).query.length < 4);
    } catch (error) {
      assert(error instanceof TlError, `${length}: ${error}`);
    }
  }
  assertThrows(() => unwrap(packGzip(new Uint8Array(9))), SecurityError);
});

Deno.test("unwrap() reads 5,000 mutated calls or throws TlError or SecurityError", () => {
  const random = seededRandom(1);
  const whole = apiSchema().encode({ _: "invokeWithLayer", layer: 158, query: initConnection });
  for (let i = 0; i < 5000; i++) {
    let body = whole.slice();
    for (let times = pick(random, 5); times >= 0; times--) {
      body[pick(random, body.length)] = random(1)[0];
    }
    if (i % 3 === 0) body = concatBytes(body.subarray(0, pick(random, body.length))) as typeof body;
    try {
      unwrap(body);
    } catch (error) {
      assert(error instanceof TlError || error instanceof SecurityError, String(error));
    }
  }
});
