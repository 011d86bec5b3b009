import fc from "fast-check";
import { TlError, TlReader, TlWriter } from "../../src/tl/mod.ts";
import { assertEquals, assertStrictEquals, assertThrows } from "../helpers/assert.ts";

const SEED = { seed: 227 };

function written(write: (writer: TlWriter) => void): Uint8Array {
  const writer = new TlWriter(0);
  write(writer);
  return writer.finish();
}

Deno.test("TlReader reads what TlWriter writes, for every primitive", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double(),
      fc.uint8Array({ maxLength: 600 }),
      fc.string({ unit: "grapheme", maxLength: 300 }),
      (int, uint, long, double, bytes, text) => {
        const reader = new TlReader(written((writer) => {
          writer.int32(int);
          writer.uint32(uint);
          writer.int64(long);
          writer.double(double);
          writer.bytes(bytes);
          writer.string(text);
          writer.raw(bytes);
        }));
        assertEquals(reader.int32(), int);
        assertEquals(reader.uint32(), uint);
        assertEquals(reader.int64(), long);
        assertEquals(reader.double(), double);
        assertEquals(reader.bytes(), bytes);
        assertEquals(reader.string(), text);
        assertEquals(reader.raw(bytes.length), bytes);
        assertEquals(reader.remaining, 0);
      },
    ),
    SEED,
  );
});

Deno.test("TlWriter.bytes() writes lengths of 0 to 300, padded to four bytes", () => {
  for (let length = 0; length <= 300; length++) {
    const value = new Uint8Array(length).fill(0xab);
    const bytes = written((writer) => writer.bytes(value));
    const header = length < 254 ? [length] : [254, length & 255, length >> 8, 0];
    const padding = (4 - (header.length + length) % 4) % 4;
    assertEquals([...bytes], [...header, ...value, ...Array(padding).fill(0)]);
    assertEquals(new TlReader(bytes).bytes(), value);
  }
});

Deno.test("TlWriter.takeParts() returns long byte strings themselves, in the same bytes", () => {
  const lengths = fc.array(fc.oneof(fc.nat(300), fc.integer({ min: 4090, max: 4100 })));
  fc.assert(
    fc.property(lengths, (lengths) => {
      const values: Uint8Array[] = lengths.map((length, i) => new Uint8Array(length).fill(i + 1));
      const writer = new TlWriter(0, true);
      for (const value of values) writer.bytes(value);
      writer.uint32(0xffffffff);
      const parts = writer.takeParts();
      const expected = written((plain) => {
        for (const value of values) plain.bytes(value);
        plain.uint32(0xffffffff);
      });
      assertEquals(new Uint8Array(parts.flatMap((part) => [...part])), expected);
      assertEquals(
        parts.filter((part) => values.includes(part)),
        values.filter(({ length }) => length >= 4096),
      );
    }),
    SEED,
  );
});

Deno.test("TlWriter.string() writes the same as TlWriter.bytes() of its UTF-8", () => {
  for (const letter of ["a", "é", "語", "🔑"]) {
    const lengths = [...Array(261).keys(), 1300, 4095, 4096, 4097, 9000];
    for (const length of lengths) {
      const text = letter.repeat(length);
      const bytes = written((writer) => writer.string(text));
      assertEquals(bytes, written((writer) => writer.bytes(new TextEncoder().encode(text))));
      assertEquals(new TlReader(bytes).string(), text);
    }
  }
});

Deno.test("TlReader.bytes() and raw() return copies that share no bytes", () => {
  const values = Array.from({ length: 300 }, (_, length) => new Uint8Array(length).fill(length));
  const source = written((writer) => {
    for (const value of values) writer.bytes(value);
    for (const value of values) writer.raw(value);
  });
  const reader = new TlReader(source);
  const copies = [
    ...values.map(() => reader.bytes()),
    ...values.map(({ length }) => reader.raw(length)),
  ];
  source.fill(0);
  for (const [index, copy] of copies.entries()) {
    assertEquals(copy, values[index % values.length]);
    copy.fill(0xee);
  }
});

Deno.test("TlWriter.clear() begins again, with zeros in later padding", () => {
  const writer = new TlWriter();
  writer.raw(new Uint8Array(100).fill(0xff));
  writer.clear();
  assertEquals(writer.length, 0);
  writer.string("a");
  writer.bytes(Uint8Array.of(2, 3));
  assertEquals([...writer.finish()], [1, 97, 0, 0, 2, 2, 3, 0]);
});

Deno.test("TlWriter writes little-endian numbers", () => {
  const bytes = written((writer) => {
    writer.int32(-2);
    writer.uint32(0x1cb5c415);
    writer.int64(-2n);
    writer.double(1);
  });
  assertEquals([...bytes], [
    ...[0xfe, 0xff, 0xff, 0xff],
    ...[0x15, 0xc4, 0xb5, 0x1c],
    ...[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ...[0, 0, 0, 0, 0, 0, 0xf0, 0x3f],
  ]);
});

Deno.test("TlWriter takes a string of 2^24 - 1 bytes, and refuses one byte more", () => {
  const longest = new Uint8Array(2 ** 24 - 1);
  const bytes = written((writer) => writer.bytes(longest));
  assertEquals([...bytes.subarray(0, 4)], [254, 255, 255, 255]);
  assertStrictEquals(new TlReader(bytes).bytes().length, longest.length);
  assertThrows(
    () => written((writer) => writer.bytes(new Uint8Array(2 ** 24))),
    TlError,
    "16777215",
  );
  assertThrows(() => written((writer) => writer.string("a".repeat(2 ** 24))), TlError, "16777215");
});

Deno.test("TlReader.string() keeps a byte order mark, and reads bad UTF-8", () => {
  for (const text of ["\ufeffa", `\ufeff${"a".repeat(40)}`]) {
    assertEquals(new TlReader(written((writer) => writer.string(text))).string(), text);
  }
  assertEquals(new TlReader(Uint8Array.of(3, 97, 0xff, 98)).string(), "a\ufffdb");
});

Deno.test("TlReader throws at the end of the bytes, and does not move", () => {
  const reads: ((reader: TlReader) => unknown)[] = [
    (reader) => reader.int32(),
    (reader) => reader.uint32(),
    (reader) => reader.int64(),
    (reader) => reader.double(),
    (reader) => reader.bytes(),
    (reader) => reader.string(),
    (reader) => reader.raw(4),
  ];
  for (const read of reads) {
    for (const left of [0, 1, 2, 3]) {
      const reader = new TlReader(new Uint8Array(4 + left).fill(1));
      reader.int32();
      assertThrows(() => read(reader), TlError, `${left} bytes left, expected`);
      assertEquals(reader.position, 4);
    }
  }
});

Deno.test("TlReader refuses a string longer than the bytes left, or cut in its padding", () => {
  const announced = Uint8Array.of(254, 255, 255, 255, 1, 2, 3, 4);
  assertThrows(() => new TlReader(announced).bytes(), TlError, "8 bytes left, expected 16777220");
  const unpadded = Uint8Array.of(4, 1, 2, 3, 4);
  assertThrows(() => new TlReader(unpadded).bytes(), TlError, "5 bytes left, expected 8");
  assertThrows(() => new TlReader(Uint8Array.of(255, 1, 0, 0)).bytes(), TlError, "0xff");
});

Deno.test("TlReader.raw() refuses impossible lengths", () => {
  for (const length of [-1, 1.5, NaN, Infinity, 5]) {
    const reader = new TlReader(new Uint8Array(4));
    assertThrows(() => reader.raw(length), TlError);
    assertEquals(reader.position, 0);
  }
});

Deno.test("TlReader returns copies, and reads inside its view only", () => {
  const buffer = Uint8Array.of(9, 9, 9, 9, 1, 7, 0, 0, 9, 9);
  const reader = new TlReader(buffer.subarray(4, 8));
  const value = reader.bytes();
  buffer.fill(0);
  assertEquals([...value], [7]);
  assertEquals(reader.remaining, 0);
});

Deno.test("TlWriter refuses values of another type or out of range", () => {
  const writes: [unknown, (writer: TlWriter, value: never) => void][] = [
    ...[2 ** 31, -(2 ** 31) - 1, 1.5, NaN, "1", 1n, undefined, null].map(
      (value) => [value, (writer, value) => writer.int32(value)] as typeof writes[number],
    ),
    ...[2 ** 32, -1, 0.5, "1", 1n].map(
      (value) => [value, (writer, value) => writer.uint32(value)] as typeof writes[number],
    ),
    ...[2n ** 63n, -(2n ** 63n) - 1n, 1, "1"].map(
      (value) => [value, (writer, value) => writer.int64(value)] as typeof writes[number],
    ),
    ["1", (writer, value) => writer.double(value)],
    ["abc", (writer, value) => writer.bytes(value)],
    [[1, 2], (writer, value) => writer.bytes(value)],
    [new Uint8Array(1), (writer, value) => writer.string(value)],
    ["abc", (writer, value) => writer.raw(value)],
  ];
  for (const [value, write] of writes) {
    const writer = new TlWriter();
    assertThrows(() => write(writer, value as never), TlError, "expected");
    assertEquals(writer.length, 0);
  }
});

Deno.test("TlReader.bytes() returns a view of most bytes only if the reader may share", () => {
  const writer = new TlWriter();
  writer.bytes(new Uint8Array(1000).fill(7));
  writer.bytes(new Uint8Array(300).fill(8));
  const bytes = writer.finish();
  for (const mayShare of [false, true]) {
    const reader = new TlReader(bytes, mayShare);
    assertEquals(reader.bytes().buffer === bytes.buffer, mayShare);
    assertEquals(reader.bytes().buffer === bytes.buffer, false); // the smaller part
  }
});

Deno.test("TlWriter.take() returns the bytes, and begins again", () => {
  for (const length of [1, 100, 1000, 100_000]) {
    const writer = new TlWriter();
    writer.bytes(new Uint8Array(length).fill(7));
    const copy = writer.finish();
    const taken = writer.take();
    assertEquals(taken, copy);
    writer.bytes(new Uint8Array(length).fill(9));
    assertEquals(taken, copy);
    assertEquals(new TlReader(writer.finish()).bytes(), new Uint8Array(length).fill(9));
  }
});
