/** HTTP of the offline Telegram: requests in any pieces, and requests of any kind. */
import fc from "fast-check";
import { concatBytes, decodeUtf8, encodeUtf8 } from "../../src/crypto/mod.ts";
import {
  httpAnswer,
  HttpError,
  HttpRequests,
  isApiPath,
  isHttp,
} from "../../src/testing/http_requests.ts";
import { assert, assertEquals, assertThrows } from "../helpers/assert.ts";
import { runs } from "../helpers/long.ts";

const SEED = 20261127;
const BODY = Uint8Array.from({ length: 300 }, (_, index) => index);

function post(path: string, body = BODY, headers = ""): Uint8Array {
  const head = `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers}Content-Length: ${body.length}`;
  return concatBytes(encodeUtf8(`${head}\r\n\r\n`), body);
}

Deno.test("requests are read in pieces of any size", () => {
  const bytes = concatBytes(
    post("/api"),
    post("/apiw?x", BODY.subarray(3), "Connection: close\r\n"),
  );
  for (const size of [1, 2, 3, 7, 64, 1000]) {
    const parser = new HttpRequests();
    const found = [];
    for (let at = 0; at < bytes.length; at += size) {
      found.push(...parser.receive(bytes.subarray(at, at + size)));
    }
    assertEquals(found, [
      { method: "POST", path: "/api", keepsAlive: true, body: BODY },
      { method: "POST", path: "/apiw", keepsAlive: false, body: BODY.slice(3) },
    ]);
  }
});

Deno.test("bytes that are no request are refused with a status", () => {
  const cases: readonly (readonly [string | Uint8Array, number])[] = [
    ["POST /api\r\n\r\n", 400],
    ["POST /api HTTP/1.1\r\nContent-Length: x\r\n\r\n", 411],
    ["POST /api HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411],
    ["POST /api HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", 413],
    ["POST /api HTTP/1.1\r\nX: " + "x".repeat(20_000), 431],
  ];
  for (const [text, status] of cases) {
    const bytes = typeof text === "string" ? encodeUtf8(text) : text;
    const error = assertThrows(() => new HttpRequests().receive(bytes), HttpError);
    assertEquals(error.status, status);
  }
  const property = fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    try {
      new HttpRequests().receive(concatBytes(encodeUtf8("POST "), bytes, encodeUtf8("\r\n\r\n")));
    } catch (error) {
      assert(error instanceof HttpError, `${error}`);
    }
  });
  fc.assert(property, { seed: SEED, numRuns: runs(300, 10_000) });
});

Deno.test("HTTP is told from the transports by four bytes", () => {
  assertEquals([..."POST", ..."OPTI"].map((_, at) => isHttp(encodeUtf8("POSTOPTI".slice(at)))), [
    true,
    ...Array.from({ length: 3 }, () => false),
    undefined === isHttp(encodeUtf8("OPT")),
    ...Array.from({ length: 3 }, () => false),
  ]);
  for (const one of [[0xef], [0xee, 0xee], [0xdd], [0x50, 0x00]]) {
    assertEquals(isHttp(Uint8Array.from(one)), false);
  }
});

Deno.test("the paths of MTProto are known, and those with a w let other sites read", () => {
  for (const path of ["/api", "/apiw", "/apiw1", "/api_test", "/apiw_test", "/apiw_test1"]) {
    assert(isApiPath(path), path);
    const head = decodeUtf8(httpAnswer(200, BODY.subarray(0, 4), path).subarray(0, 300));
    assertEquals(head.includes("Access-Control-Allow-Origin: *"), path.includes("w"));
  }
  for (const path of ["/", "/apis", "/apiws", "/API", "/api/"]) assert(!isApiPath(path), path);
});
