/**
 * The handshakes of SOCKS5 (RFC 1928, RFC 1929) and HTTP (RFC 9110, 9.3.6; RFC 7617), byte by byte:
 * what each sends, what it takes, and that hostile answers end it.
 */
import { byteByByte, type ByteStream, pipe, randomChunks } from "../../../src/net/mod.ts";
import {
  beginningWith,
  type Handshake,
  HandshakeFault,
  MAX_HEAD,
  performHandshake,
} from "../../../src/net/proxies/handshake.ts";
import { httpConnect } from "../../../src/net/proxies/http_connect.ts";
import { ipv6Bytes } from "../../../src/net/proxies/ip_bytes.ts";
import { ProxyRefusal } from "../../../src/net/proxies/refusal.ts";
import { socks5 } from "../../../src/net/proxies/socks5.ts";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotMatch,
  assertRejects,
} from "../../helpers/assert.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";

const IPV4 = { host: "149.154.167.51", port: 443 };
const IPV6 = { host: "2001:67c:4e8:f002::a", port: 5222 };
const NAME = { host: "dc2.example", port: 80 };

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replaceAll(" ", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Plays a handshake against answers, each of which comes only after what it answers was sent.
 * Returns what was sent in each step, and the bytes left over.
 */
async function play(
  handshake: Handshake,
  answers: readonly (Uint8Array | string)[],
  chunk: (bytes: Uint8Array) => Uint8Array[] = (bytes) => [bytes],
): Promise<{ sent: Uint8Array[]; rest: Uint8Array }> {
  const [ours, theirs] = pipe({ chunk });
  const sent: Uint8Array[] = [];
  const watched: ByteStream = {
    read: () => ours.read(),
    close: () => ours.close(),
    write: async (bytes) => {
      sent.push(bytes);
      const answer = answers[sent.length - 1];
      if (answer !== undefined) {
        await theirs.write(typeof answer === "string" ? ascii(answer) : answer);
      }
      if (sent.length === answers.length) theirs.close();
    },
  };
  const rest = await performHandshake(watched, handshake);
  return { sent, rest };
}

const CONNECTED = hex("05 00 00 01 0a000001 04d2");

Deno.test("SOCKS5 without credentials offers no method but 00, and connects", async () => {
  const { sent, rest } = await play(socks5({ target: IPV4 }), [hex("05 00"), CONNECTED]);
  assertEquals(sent, [hex("05 01 00"), hex("05 01 00 01 959aa733 01bb")]);
  assertEquals(rest.length, 0);
});

Deno.test("SOCKS5 sends the username and the password that the proxy asks for", async () => {
  const options = { target: NAME, username: "lab", password: "pä" };
  const { sent } = await play(socks5(options), [hex("05 02"), hex("01 00"), CONNECTED]);
  assertEquals(sent, [
    hex("05 02 00 02"),
    hex("01 03 6c6162 03 70c3a4"),
    hex("05 01 00 03 0b 6463322e6578616d706c65 0050"),
  ]);
  const free = await play(socks5(options), [hex("05 00"), CONNECTED]);
  assertEquals(free.sent.length, 2); // it asks for nothing
  const empty = await play(
    socks5({ target: IPV4, username: "lab" }),
    [hex("05 02"), hex("01 00"), CONNECTED],
  );
  assertEquals(empty.sent[1], hex("01 03 6c6162 00"));
});

Deno.test("SOCKS5 names an IPv6 address by its 16 bytes", async () => {
  const { sent } = await play(socks5({ target: IPV6 }), [hex("05 00"), CONNECTED]);
  assertEquals(sent[1], hex("05 01 00 04 2001067c04e8f002000000000000000a 1466"));
});

Deno.test("SOCKS5 reads an answer by the type of its address, and keeps what follows", async () => {
  for (
    const answer of [
      "05 00 00 01 00000000 0000",
      "05 00 00 04 00000000000000000000000000000000 0000",
      "05 00 00 03 00 0000",
      "05 00 00 03 05 68656c6c6f 0050",
      `05 00 00 03 ff ${"61".repeat(255)} 0050`,
    ]
  ) {
    for (const chunk of [byteByByte, randomChunks(7, 5), (bytes: Uint8Array) => [bytes]]) {
      const answers = [hex("05 00"), hex(`${answer} efefefef`)];
      const { rest } = await play(socks5({ target: IPV4 }), answers, chunk);
      // What comes in other chunks is still in the stream.
      assert([4, 3, 2, 1, 0].includes(rest.length));
      assertEquals(rest, hex("efefefef").subarray(0, rest.length));
    }
  }
});

Deno.test("SOCKS5 sends a step only after the answer to the one before", () => {
  const handshake = socks5({ target: IPV4, username: "a", password: "b" });
  const first = handshake.next();
  assert(!first.done && first.value.write !== undefined);
  assertEquals([first.value.read, first.value.write.length], [2, 4]);
  const second = handshake.next(hex("05 02"));
  assert(!second.done);
  assertEquals(second.value, { write: hex("01 01 61 01 62"), read: 2 });
  const third = handshake.next(hex("01 00"));
  assert(!third.done);
  assertEquals([third.value.read, third.value.isForTarget], [4, true]);
});

for (
  const [what, answers, fault] of [
    ["no method", ["05 ff"], "credentials"],
    ["a method that was not offered", ["05 01"], "credentials"],
    ["a password that was not offered", ["05 02"], "credentials"],
    ["SOCKS4", ["00 5a"], "not this kind"],
    ["HTTP", ["4854"], "not this kind"],
    ["a general failure", ["05 00", "05 01 00 01 00000000 0000"], "target"],
    ["its rules", ["05 00", "05 02 00 01 00000000 0000"], "rules"],
    ["no route to the network", ["05 00", "05 03 00 01 00000000 0000"], "target"],
    ["no route to the host, with a name", ["05 00", "05 04 00 03 01 61 0000"], "target"],
    ["a refused connection, and no address", ["05 00", "05 05 00 00"], "target"],
    ["no such command", ["05 00", "05 07 00 01 00000000 0000"], "target"],
    ["no such address", ["05 00", "05 08 00 01 00000000 0000"], "target"],
    ["an unknown code", ["05 00", "05 63 00 01 00000000 0000"], "target"],
    ["another version", ["05 00", "04 00 00 01 00000000 0000"], "not this kind"],
    ["an address of no type", ["05 00", "05 00 00 02 00000000 0000"], "not this kind"],
  ] as const
) {
  Deno.test(`SOCKS5 ends when the proxy answers with ${what}`, async () => {
    for (const chunk of [byteByByte, (bytes: Uint8Array) => [bytes]]) {
      const playing = () => play(socks5({ target: IPV4 }), answers.map(hex), chunk);
      assertEquals((await assertRejects(playing, ProxyRefusal)).fault, fault);
    }
  });
}

Deno.test("SOCKS5 ends when the proxy refuses the password", async () => {
  const options = { target: IPV4, username: "lab", password: "hunter2" };
  for (const status of ["01 01", "01 ff", "05 01"]) {
    const playing = () => play(socks5(options), [hex("05 02"), hex(status)]);
    const error = await assertRejects(playing, ProxyRefusal);
    assertEquals(error.fault, "credentials");
    assertNotMatch(error.message, /hunter2/);
  }
});

Deno.test("CONNECT sends the address twice, and the credentials in Base64", async () => {
  const plain = await play(httpConnect({ target: IPV4 }), ["HTTP/1.1 200 OK\r\n\r\n"]);
  assertEquals(plain.sent, [
    ascii("CONNECT 149.154.167.51:443 HTTP/1.1\r\nHost: 149.154.167.51:443\r\n\r\n"),
  ]);
  // The example of RFC 7617, 2.1.
  const options = { target: IPV6, username: "test", password: "123£" };
  const { sent } = await play(httpConnect(options), ["HTTP/1.0 200\r\n\r\n"]);
  assertEquals(sent, [
    ascii(
      "CONNECT [2001:67c:4e8:f002::a]:5222 HTTP/1.1\r\n" +
        "Host: [2001:67c:4e8:f002::a]:5222\r\n" +
        "Proxy-Authorization: Basic dGVzdDoxMjPCow==\r\n\r\n",
    ),
  ]);
});

Deno.test("CONNECT takes any status from 200 to 299, and keeps what follows the head", async () => {
  for (
    const head of [
      "HTTP/1.1 200 Connection established\r\n\r\n",
      "HTTP/1.0 200 OK\r\nVia: 1.1 a\r\nContent-Length: 5\r\n\r\n",
      "HTTP/1.1 299 \r\nX:\r\n\r\n",
      "HTTP/1.1 200\n\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
    ]
  ) {
    for (const chunk of [byteByByte, randomChunks(3, 9), (bytes: Uint8Array) => [bytes]]) {
      const { rest } = await play(httpConnect({ target: IPV4 }), [`${head}\r\n\r\nrest`], chunk);
      assertEquals(rest, ascii("\r\n\r\nrest").subarray(0, rest.length), JSON.stringify(head));
      if (chunk(ascii(head)).length === 1) assertEquals(rest.length, 8);
    }
  }
});

for (
  const [answer, fault] of [
    ["HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "credentials"],
    ["HTTP/1.1 401 Unauthorized\r\n\r\n", "credentials"],
    ["HTTP/1.1 403 Forbidden\r\n\r\n", "rules"],
    ["HTTP/1.1 405 Method Not Allowed\r\n\r\n", "not this kind"],
    ["HTTP/1.1 101 Switching Protocols\r\n\r\n", "not this kind"],
    ["HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n", "target"],
    ["HTTP/1.1 429 Too Many Requests\r\n\r\n", "target"],
    ["HTTP/1.1 500 Unable to connect\r\n\r\n", "target"],
    ["HTTP/1.1 503 Service Unavailable\r\n\r\n", "target"],
    ["HTTP/1.1 20 OK\r\n\r\n", "not this kind"],
    ["HTTP/1.1 2000 OK\r\n\r\n", "not this kind"],
    ["HTTP/2 200 OK\r\n\r\n", "not this kind"],
    ["200 OK\r\n\r\n", "not this kind"],
    ["SSH-2.0-OpenSSH_9.2\r\n\r\n", "not this kind"],
    ["\r\n\r\n", "not this kind"],
    ["HTTP/1.1 100 Continue\r\n\r\n".repeat(6), "not this kind"],
  ] as const
) {
  Deno.test(`CONNECT ends when the answer is ${JSON.stringify(answer.slice(0, 60))}`, async () => {
    for (const username of [undefined, "lab"]) {
      for (const chunk of [byteByByte, (bytes: Uint8Array) => [bytes]]) {
        const options = { target: IPV4, username, password: "hunter2" };
        const playing = () => play(httpConnect(options), [answer], chunk);
        const error = await assertRejects(playing, ProxyRefusal);
        assertEquals(error.fault, fault);
        assertNotMatch(error.message, /hunter2/);
      }
    }
  });
}

Deno.test("A head has an end within 16 KiB, in whatever chunks it comes", async () => {
  const start = "HTTP/1.1 200 OK\r\nX: ";
  const longest = `${start}${"a".repeat(MAX_HEAD - start.length - 4)}\r\n\r\n`;
  for (const chunk of [byteByByte, randomChunks(5, 4000), (bytes: Uint8Array) => [bytes]]) {
    await play(httpConnect({ target: IPV4 }), [longest], chunk);
    const longer = longest.replace("X", "XX");
    for (const answer of [longer, "a".repeat(100_000)]) {
      const playing = () => play(httpConnect({ target: IPV4 }), [answer], chunk);
      await assertRejects(playing, ProxyRefusal);
    }
  }
});

Deno.test("A proxy that closes the line ends every handshake, at every byte", async () => {
  const answers: [() => Handshake, readonly Uint8Array[]][] = [
    [() => socks5({ target: IPV4 }), [hex("05 00"), CONNECTED]],
    [() => httpConnect({ target: IPV4 }), [ascii("HTTP/1.1 200 OK\r\n\r\n")]],
  ];
  for (const [handshake, whole] of answers) {
    const last = whole.length - 1;
    for (let length = 0; length < whole[last].length; length++) {
      const cut = [...whole.slice(0, last), whole[last].subarray(0, length)];
      await assertRejects(() => play(handshake(), cut), HandshakeFault);
    }
  }
});

Deno.test("Random bytes end a handshake by an error of its own, and never hang it", async () => {
  const random = seededRandom(1);
  let connected = 0;
  for (let round = 0; round < 3000; round++) {
    const noise = random(1 + random(1)[0] % 64);
    // Most of the noise begins as an answer does, or nothing but the first check is tested.
    if (round % 3 > 0) noise[0] = 5;
    const handshake = round % 2 > 0
      ? socks5({ target: IPV4, ...(round % 4 > 1 && { username: "a", password: "b" }) })
      : httpConnect({ target: IPV4 });
    const begun = round % 2 > 0 ? noise : Uint8Array.from([...ascii("HTTP/1.1 2"), ...noise]);
    const answer = Uint8Array.from([...begun, 5, ...random(7), 5, ...random(300)]);
    try {
      await play(handshake, [answer], randomChunks(round, 7));
      connected++;
    } catch (error) {
      assert(error instanceof ProxyRefusal || error instanceof HandshakeFault, String(error));
    }
  }
  assert(connected < 300, `${connected} of them connected`);
});

Deno.test("ipv6Bytes() reads each way of writing an address, and no other text", () => {
  const cases: Record<string, string> = {
    "::": "00".repeat(16),
    "::1": `${"00".repeat(15)}01`,
    "1::": `0001${"00".repeat(14)}`,
    "2001:DB8::8:800:200C:417A": "20010db80000000000080800200c417a",
    "1:2:3:4:5:6:7:8": "00010002000300040005000600070008",
    "1:2:3:4:5:6:7::": "00010002000300040005000600070000",
    "::ffff:129.144.52.38": "00000000000000000000ffff81903426",
    "64:ff9b::192.0.2.33": "0064ff9b0000000000000000c0000221",
  };
  for (const [text, bytes] of Object.entries(cases)) {
    assertEquals(Uint8Array.from(ipv6Bytes(text) ?? []), hex(bytes), text);
  }
  for (
    const text of [
      ...[":", ":::", "1", "1:2", "::1::", "1:2:3:4:5:6:7:8:9", "1::2:3:4:5:6:7:8", "12345::"],
      ...[
        "g::",
        "1.2.3.4",
        "",
        "::1.2.3",
        "::1.2.3.256",
        "1.2.3.4::",
        "::1.2.3.4:1",
        "fe80::1%eth0",
        " ::1",
      ],
    ]
  ) {
    assertEquals(ipv6Bytes(text), undefined, text);
  }
});

Deno.test("A stream begins with the bytes that came with the answer", async () => {
  const [ours, theirs] = pipe();
  const stream = beginningWith(hex("0102"), ours);
  await theirs.write(hex("03"));
  assertEquals([await stream.read(), await stream.read()], [hex("0102"), hex("03")]);
  await stream.write(hex("04"));
  assertEquals(await theirs.read(), hex("04"));
  const closed = beginningWith(hex("0102"), ours);
  closed.close();
  assertEquals(await closed.read(), undefined);
  assertInstanceOf(beginningWith(new Uint8Array(), ours), Object);
  assertEquals(beginningWith(new Uint8Array(), ours), ours);
});
