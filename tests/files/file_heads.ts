/**
 * The first bytes of healthy files, made by hand from the specifications of their formats: as much
 * as tells the size of a picture and the length of a sound.
 */
type Bytes = Uint8Array<ArrayBuffer>;
type Part = string | Uint8Array | readonly number[];

/** Joins texts of one byte for each character, bytes, and lists of bytes. */
function joined(...parts: readonly Part[]): Bytes {
  const bytes = parts.flatMap((part) =>
    typeof part === "string" ? Array.from(part, (letter) => letter.charCodeAt(0)) : [...part]
  );
  return Uint8Array.from(bytes);
}

/** A number in so many bytes, the highest first. */
function big(value: number | bigint, length: number): number[] {
  return little(value, length).reverse();
}

/** A number in so many bytes, the lowest first. */
function little(value: number | bigint, length: number): number[] {
  return Array.from(
    { length },
    (_, index) => Number(BigInt.asUintN(64, BigInt(value)) >> BigInt(8 * index) & 0xffn),
  );
}

function zeros(length: number): number[] {
  return Array<number>(length).fill(0);
}

/** The orientation of an Exif segment, and the order of its bytes. */
export interface Exif {
  readonly orientation: number;
  readonly order: "II" | "MM";
}

/** A JPEG image (ITU T.81) with this marker of its frame: baseline is 0xc0, progressive 0xc2. */
export function jpeg(width: number, height: number, frame: number, exif?: Exif): Bytes {
  const segment = (marker: number, content: Bytes): Bytes =>
    joined([0xff, marker], big(content.length + 2, 2), content);
  const jfif = joined("JFIF\0", [1, 1, 0], big(72, 2), big(72, 2), [0, 0]);
  return joined(
    [0xff, 0xd8],
    segment(0xe0, jfif),
    exif === undefined ? [] : segment(0xe1, exifOf(exif)),
    segment(0xc4, joined(zeros(20))), // a Huffman table, whose marker is among those of frames
    [0xff, 0xff], // fill bytes
    segment(frame, joined([8], big(height, 2), big(width, 2), [3], zeros(9))),
    segment(0xda, joined(zeros(10))),
  );
}

function exifOf({ orientation, order }: Exif): Bytes {
  const number = order === "II" ? little : big;
  const entry = (tag: number, value: number): Bytes =>
    joined(number(tag, 2), number(3, 2), number(1, 4), number(value, 2), zeros(2));
  const directory = joined(number(2, 2), entry(0x0103, 6), entry(0x0112, orientation), zeros(4));
  return joined("Exif\0\0", order, number(42, 2), number(8, 4), directory);
}

/** A WebP image (RFC 9649) of each of its three forms. */
export function webp(form: "VP8 " | "VP8L" | "VP8X", width: number, height: number): Bytes {
  const contents = {
    // Two bits of each number are a scale of the picture when it is shown.
    "VP8 ": () =>
      joined(
        zeros(3),
        [0x9d, 0x01, 0x2a],
        little(width | 1 << 14, 2),
        little(height | 1 << 14, 2),
      ),
    "VP8L": () => joined([0x2f], little(width - 1 | height - 1 << 14 | 1 << 28, 4)),
    "VP8X": () => joined([0x10], zeros(3), little(width - 1, 3), little(height - 1, 3)),
  };
  const chunk = joined(contents[form](), zeros(30));
  const body = joined("WEBP", form, little(chunk.length, 4), chunk);
  return joined("RIFF", little(body.length, 4), body);
}

function box(type: string, ...contents: readonly Part[]): Bytes {
  const content = joined(...contents);
  return joined(big(content.length + 8, 4), type, content);
}

/** What an MP4 file is made of. */
export interface Mp4Parts {
  readonly brand: string;
  readonly version: 0 | 1;
  readonly scale: number;
  readonly length: number;
  /** In pixels, before it is turned; absent in a sound. */
  readonly size?: readonly [width: number, height: number];
  readonly isTurned?: boolean;
  /** Whether the box that tells stands before the bytes of the picture. */
  readonly isFast?: boolean;
}

const UPRIGHT = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];
const TURNED = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000];

/** An MP4 file (ISO/IEC 14496-12) with a track of sound before that of pictures. */
export function mp4(parts: Mp4Parts): Bytes {
  const { brand, version, scale, length, size, isTurned, isFast } = parts;
  const long = version === 1 ? 8 : 4;
  const flags = [version, 0, 0, 3];
  const matrix = (rows: readonly number[]): number[] => rows.flatMap((value) => big(value, 4));
  const mvhd = box(
    "mvhd",
    flags,
    zeros(2 * long),
    big(scale, 4),
    big(length, long),
    big(0x10000, 4),
    zeros(12),
    matrix(UPRIGHT),
    zeros(24),
    big(3, 4),
  );
  const track = (id: number, width: number, height: number): Bytes =>
    box(
      "trak",
      box(
        "tkhd",
        flags,
        zeros(2 * long),
        big(id, 4),
        zeros(4),
        big(length, long),
        zeros(16),
        matrix(isTurned ? TURNED : UPRIGHT),
        big(width * 0x10000, 4),
        big(height * 0x10000, 4),
      ),
      box("mdia", zeros(30)),
    );
  const moov = box("moov", mvhd, track(1, 0, 0), size ? track(2, ...size) : []);
  const data = zeros(5000);
  // The length of a long box stands behind its type.
  const mdat = isFast
    ? box("mdat", data)
    : joined(big(1, 4), "mdat", big(16 + data.length, 8), data);
  const rest = isFast ? [moov, mdat] : [mdat, moov];
  return joined(box("ftyp", brand, big(512, 4), brand, "mp41"), ...rest);
}

/** A page of an Ogg file (RFC 3533) with one packet. */
function page(position: bigint, packet: Bytes): Bytes {
  return joined("OggS", [0, 0], little(position, 8), zeros(12), [1, packet.length], packet);
}

/** An Ogg file with Opus sound (RFC 7845), which always counts 48,000 samples a second. */
export function opus(samples: number, preSkip: number): Bytes {
  const head = joined("OpusHead", [1, 1], little(preSkip, 2), little(16_000, 4), zeros(3));
  return joined(
    page(0n, head),
    page(0n, joined("OpusTags", zeros(20))),
    page(960n, joined(zeros(200))),
    page(BigInt(samples + preSkip), joined(zeros(100))),
  );
}

/** An Ogg file with Vorbis sound. */
export function vorbis(samples: number, rate: number): Bytes {
  const head = joined("\x01vorbis", zeros(4), [2], little(rate, 4), zeros(12), [0xb8, 1]);
  return joined(
    page(0n, head),
    page(0n, joined("\x03vorbis", zeros(20))),
    page(1024n, joined(zeros(200))),
    page(BigInt(samples), joined(zeros(100))),
  );
}
