/**
 * Searches a text for secrets, in each way in which bytes are printed. It imports nothing:
 * secret_watcher.ts loads it before each file of tests.
 */

/** This many bytes of a secret in a row give it away. */
const WINDOW = 6;

/** What `push()` takes for a number that is no byte. */
const NO_BYTE = 256;

/** The windows of secrets: six bytes each, as two numbers of 24 bits. */
class Windows {
  /** Marks the ends of all windows, so that most bytes of a text need one look. */
  readonly #ends = new Uint8Array(1 << 16);
  readonly #windows = new Set<number>();

  get size(): number {
    return this.#windows.size;
  }

  /** Adds the six bytes at a place, if they could be nothing else. */
  add(bytes: Uint8Array, at: number): void {
    const high = bytes[at] << 16 | bytes[at + 1] << 8 | bytes[at + 2];
    const low = bytes[at + 3] << 16 | bytes[at + 4] << 8 | bytes[at + 5];
    if (this.has(high, low) || isPattern(bytes.subarray(at, at + WINDOW))) return;
    this.#ends[low & 0xffff] = 1;
    this.#windows.add(high * 2 ** 24 + low);
  }

  has(high: number, low: number): boolean {
    return this.#ends[low & 0xffff] === 1 && this.#windows.has(high * 2 ** 24 + low);
  }
}

/** Looks at bytes one by one, and remembers the first window of them that is a secret's. */
class Search {
  readonly #windows: Windows;
  #high = 0;
  #low = 0;
  #length = 0;
  found: readonly number[] | undefined;

  constructor(windows: Windows) {
    this.#windows = windows;
  }

  /** Begins with other bytes, that do not follow on those before. */
  restart(): void {
    this.#length = 0;
  }

  push(byte: number): void {
    if (byte >= NO_BYTE) return this.restart();
    this.#high = (this.#high << 8 | this.#low >>> 16) & 0xffffff;
    this.#low = (this.#low << 8 | byte) & 0xffffff;
    if (++this.#length < WINDOW || !this.#windows.has(this.#high, this.#low)) return;
    this.found ??= [this.#high, this.#low].flatMap((n) => [n >> 16, n >> 8 & 255, n & 255]);
  }
}

/** Hexadecimal digits, at both of the places where a byte may begin. */
function searchHex(text: string, search: Search): void {
  for (const [run] of text.matchAll(/[0-9a-f]{12,}/gi)) {
    for (const at of [0, 1]) {
      search.restart();
      for (let i = at; i + 2 <= run.length; i += 2) search.push(parseInt(run.slice(i, i + 2), 16));
    }
  }
}

const SEXTETS = new Uint8Array(128);
for (const alphabet of ["+/", "-_"]) {
  const letters = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${alphabet}`;
  for (let i = 0; i < letters.length; i++) SEXTETS[letters.charCodeAt(i)] = i;
}

/** Base64, at each of the four places where three bytes may begin. */
function searchBase64(text: string, search: Search): void {
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{10,}/g)) {
    for (let at = 0; at < 4; at++) {
      search.restart();
      let bits = 0;
      let known = 0;
      for (let i = at; i < run.length; i++) {
        bits = bits << 6 | SEXTETS[run.charCodeAt(i)];
        known += 6;
        if (known < 8) continue;
        known -= 8;
        search.push(bits >>> known & 0xff);
        bits &= (1 << known) - 1;
      }
    }
  }
}

/** Lists of numbers; and objects of them, where every other one is an index. */
function searchNumbers(text: string, windows: Windows): readonly Search[] {
  const [all, ...alternating] = [0, 1, 2].map(() => new Search(windows));
  let index = 0;
  for (let i = 0; i < text.length; i++) {
    let digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) continue;
    let number = 0;
    for (; digit >= 0 && digit <= 9; digit = text.charCodeAt(++i) - 48) {
      number = Math.min(number * 10 + digit, NO_BYTE);
    }
    all.push(number);
    alternating[index++ % 2].push(number);
  }
  return [all, ...alternating];
}

/** Characters, also those that are escaped. */
function searchCharacters(text: string, search: Search): void {
  const plain = text.replace(
    /\\(?:x|u00)([0-9a-f]{2})/gi,
    (_, hex) => String.fromCharCode(parseInt(hex, 16)),
  );
  // deno-lint-ignore no-control-regex
  if (!/[\0-\x08\x0e-\x1f\x80-\xff]/.test(plain)) return;
  search.restart();
  for (let i = 0; i < plain.length; i++) search.push(plain.charCodeAt(i));
}

/** Secrets, and whether a text shows one. */
export class Secrets {
  readonly #windows = new Windows();
  readonly #texts = new Set<string>();

  /** Adds a secret. Of bytes the beginning, the middle and the end are searched for. */
  add(secret: Uint8Array | string): void {
    if (typeof secret === "string") {
      this.#texts.add(secret);
      return;
    }
    const last = secret.length - WINDOW;
    if (last < 0) return;
    for (const at of [0, last >> 1, last]) this.#windows.add(secret, at);
  }

  /** Returns the secret, or the part of one, that a text shows; undefined if it shows none. */
  findIn(text: string): string | undefined {
    for (const secret of this.#texts) if (text.includes(secret)) return secret;
    if (this.#windows.size === 0) return undefined;
    const search = new Search(this.#windows);
    searchHex(text, search);
    searchBase64(text, search);
    searchCharacters(text, search);
    const searches = [search, ...searchNumbers(text, this.#windows)];
    const found = searches.find(({ found }) => found !== undefined)?.found;
    return found && `the bytes ${found} in: ${text.slice(0, 300)}`;
  }
}

/**
 * Tests have keys of one byte over and over, or of all bytes in turn: such a part of them could be
 * anything. So could six small letters, which a key with a piece of a text in it has: our name.
 */
function isPattern(bytes: Uint8Array): boolean {
  const steps = Array.from(bytes.subarray(1), (byte, at) => byte - bytes[at] & 0xff);
  const isWord = bytes.every((byte) => byte >= 0x61 && byte <= 0x7a);
  return isWord || new Set(steps).size === 1 || new Set(bytes).size < 4;
}

/**
 * Whether `text` shows a part of `secret`, of its beginning, its middle or its end: in hex, as a
 * list of numbers or an object of them, as characters, or in base64 of either alphabet, also within
 * something longer.
 */
export function shows(text: string, secret: Uint8Array): boolean {
  const secrets = new Secrets();
  secrets.add(secret);
  return secrets.findIn(text) !== undefined;
}
