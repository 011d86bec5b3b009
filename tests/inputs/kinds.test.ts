/**
 * What people type and paste, by kind: one function decides for each kind, and here is its table.
 * Peers are in tests/messages/named_peer.test.ts, options in the tests of what takes them.
 */
import { Client, SignInError, StringSession } from "../../mod.ts";
import { applicationOf } from "../../src/client/arguments.ts";
import { looksLikeBotToken, readBotToken } from "../../src/auth/input/bot_token.ts";
import { readCode } from "../../src/auth/input/code.ts";
import { withAsciiDigits } from "../../src/auth/input/digits.ts";
import { readEmail } from "../../src/auth/input/email.ts";
import { mayBeSamePhone, readPhone } from "../../src/auth/input/phone.ts";
import { defaultSession } from "../../src/session/default_session.ts";
import { importSessionString } from "../../src/session/convert/mod.ts";
import { pathOf } from "../../src/session/stores/file_name.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "../helpers/assert.ts";

type Table = readonly (readonly [given: unknown, meaning: string])[];

/** Checks a table of what is taken, and a list of what is refused, for the same reason. */
function checkTable(
  read: (given: never) => string,
  taken: Table,
  reason: string,
  refused: readonly unknown[],
): void {
  for (const [given, meaning] of taken) {
    assertEquals(read(given as never), meaning, Deno.inspect(given));
  }
  for (const given of refused) {
    const error = assertThrows(() => read(given as never), SignInError, "", Deno.inspect(given));
    assertEquals(error.reason, reason);
    const shown = String(given);
    assert(shown.length < 5 || !error.message.includes(shown), error.message);
  }
}

const PHONES: Table = [
  ["+15551234567", "+15551234567"],
  ["15551234567", "15551234567"],
  ["+1 (555) 123-4567", "+15551234567"],
  ["+1.555.123.4567", "+15551234567"],
  ["+1/555/1234567", "+15551234567"],
  ["+1\u2011555\u2013123\u20144567", "+15551234567"],
  ["+1\u00a0555\u202f1234567", "+15551234567"],
  ["\t+15551234567\r\n", "+15551234567"],
  ["\u202a+15551234567\u202c", "+15551234567"],
  ["\ufeff+1555\u200b1234567", "+15551234567"],
  ["00 1 555 123 4567", "+15551234567"],
  ["+44 (0)20 7946 0000", "+442079460000"],
  ["tel:+1-555-123-4567", "+15551234567"],
  ["tel:+15551234567;ext=12", "+15551234567"],
  ["https://t.me/+15551234567", "+15551234567"],
  ['"+15551234567"', "+15551234567"],
  ["<+15551234567>", "+15551234567"],
  ["＋１５５５１２３４５６７", "+15551234567"],
  ["+٩٩٩٦٦٢١١١١", "+9996621111"],
  ["+۹۹۹۶۶۲۱۱۱۱", "+9996621111"],
  ["+९९९६६२११११", "+9996621111"],
  [15551234567, "15551234567"],
  [15551234567n, "15551234567"],
];
const NO_PHONES = [
  "",
  " ",
  "+",
  "abc",
  "12",
  "0171 1234567",
  "+0171 1234567",
  "011 1 555 123 4567",
  "+1 800 FLOWERS",
  "+15551234567, +15551234568",
  "+1 555 123 4567 ext. 5",
  "+1555123456789012",
  "777:TESTTOKEN",
  "ada@example.com",
  "²³⁴٫٥٦",
  NaN,
  1.5,
  -15551234567,
  null,
  undefined,
  {},
  ["+15550000000"],
  true,
];

Deno.test("A phone number is taken as people write it, and refused where it is unclear", () => {
  checkTable((given) => readPhone(given, "sign in"), PHONES, "phoneInvalid", NO_PHONES);
  const national = assertThrows(() => readPhone("0171 1234567", "sign in"), SignInError);
  assertStringIncludes(national.message, "begins with 0, as numbers within a country do");
});

Deno.test("Two forms of one phone number are the same, two numbers are not", () => {
  assert(mayBeSamePhone("+52 1 55 1234 5678".replace(/\D/g, ""), "525512345678"));
  assert(mayBeSamePhone("5491112345678", "541112345678"));
  assert(!mayBeSamePhone("9996621111", "9996622222"));
});

Deno.test("The digits of every script have their value", () => {
  for (let code = 0; code < 0x20000; code++) {
    const digit = String.fromCodePoint(code);
    if (!/\p{Nd}/u.test(digit)) continue;
    const value = withAsciiDigits(digit);
    assert(/^\d$/.test(value), code.toString(16));
    const next = String.fromCodePoint(code + 1);
    if (value !== "9") assertEquals(withAsciiDigits(next), String(Number(value) + 1));
  }
});

const CODES: Table = [
  ["12345", "12345"],
  ["01234", "01234"],
  ["12 345", "12345"],
  ["12-345", "12345"],
  ["1-2-3-4-5", "12345"],
  ["1.2.3.4.5", "12345"],
  ["12\u2013345", "12345"],
  [" 12345\n", "12345"],
  ["\u200e12345\u200f", "12345"],
  ['"12345"', "12345"],
  ["١٢٣٤٥", "12345"],
  ["１２３４５", "12345"],
  ["Login code: 12345", "12345"],
  ["Login code: 12345. Do not give this code to anyone, even if they ask!", "12345"],
  ["https://t.me/login/12345", "12345"],
  ["tg://login?code=12345", "12345"],
  ["Telegram code: 12345\nor tap https://t.me/login/12345\n\noLeq9AcOZkT", "12345"],
  ["Код для входа: 123456.", "123456"],
  ["orange", "orange"],
  [" once upon a time ", "once upon a time"],
];

Deno.test("A code is taken as people write it, and refused where it is unclear", () => {
  const read = (given: never): string => readCode(given, "sign in");
  checkTable(read, CODES, "codeInvalid", ["12345 or 54321", "code 12345, not 123456"]);
  for (const empty of ["", " ", "\u200b", '""', null, undefined, {}, true]) {
    assertEquals(assertThrows(() => readCode(empty, "sign in"), SignInError).reason, "codeEmpty");
  }
  for (const number of [12345, 12345n]) {
    assertThrows(() => readCode(number, "sign in"), TypeError, "lost its leading zeros");
  }
});

const LONG = "123456789:AAF-secretTokenOfABotFather_01234567";
const TOKENS: Table = [
  [LONG, LONG],
  ["777:TESTTOKEN", "777:TESTTOKEN"],
  [`${LONG}\n`, LONG],
  [` ${LONG} `, LONG],
  [`"${LONG}"`, LONG],
  [`'${LONG}'`, LONG],
  [`\`${LONG}\``, LONG],
  [`\u200b${LONG}\ufeff`, LONG],
  [`bot${LONG}`, LONG],
  [`BOT_TOKEN=${LONG}`, LONG],
  [`export BOT_TOKEN="${LONG}"`, LONG],
  [`https://api.telegram.org/bot${LONG}/getMe`, LONG],
  [`https://api.telegram.org/bot${LONG}`, LONG],
  [`Use this token to access the HTTP API:\n${LONG}\nKeep your token secure.`, LONG],
  [`${LONG} ${LONG}`, LONG],
];
const NO_TOKENS = [
  "",
  "777",
  "777:",
  ":TEST",
  "abc:def",
  "+9996621111",
  "777:TEST TOKEN",
  `${LONG} ${LONG.replace("1", "2")}`,
  "0123456789abcdef0123456789abcdef",
  null,
  undefined,
  777,
  {},
];

Deno.test("A bot token is taken as people paste it, and refused where it is unclear", () => {
  checkTable((given) => readBotToken(given, "sign in"), TOKENS, "botTokenInvalid", NO_TOKENS);
  for (const [token] of TOKENS) assert(looksLikeBotToken(String(token)));
});

const EMAILS: Table = [
  ["ada@example.com", "ada@example.com"],
  [" ada@example.com\n", "ada@example.com"],
  ["\u200bada@example.com", "ada@example.com"],
  ['"ada@example.com"', "ada@example.com"],
  ["<ada@example.com>", "ada@example.com"],
  ["mailto:ada@example.com", "ada@example.com"],
  ["Ada L. <ada@example.com>", "ada@example.com"],
  ["ada+telegram@example.com", "ada+telegram@example.com"],
  ["ada@localhost", "ada@localhost"],
];

Deno.test("An email address is taken as people paste it", () => {
  const refused = ["", "ada", "@", "ada@", "@b", "a b@c", "a@b, c@d", "a@b;c", null, 5, {}];
  checkTable((given) => readEmail(given, "sign in"), EMAILS, "emailInvalid", refused);
});

function savedText(): string {
  const session = new StringSession();
  session.setDC(2, "127.0.0.1", 443);
  session.setAuthKey(new Uint8Array(256).fill(251));
  return session.save();
}

Deno.test("A session string is taken as people paste it, by all that read one", async () => {
  const text = savedText();
  const lines = (text.match(/.{1,76}/g) ?? []).join("\n");
  const given = [
    text,
    ` ${text}\n`,
    `"${text}"`,
    `'${text}'`,
    `\`${text}\``,
    `“${text}”`,
    `'"${text}"'`,
    JSON.stringify(text),
    lines,
    lines.replaceAll("\n", "\r\n"),
    lines.replaceAll("\n", "\n    "),
    `${text.slice(0, 100)} ${text.slice(100)}`,
    `\ufeff${text}`,
    `${text.slice(0, 50)}\u200b${text.slice(50)}`,
    `SESSION=${text}`,
    `export TELEGRAM_SESSION="${text}"`,
    encodeURIComponent(text),
  ];
  for (const one of given) {
    assertEquals(new StringSession(one).save(), text, one.slice(0, 30));
    assertEquals((await importSessionString(one)).state.dcId, 2);
    const error = assertThrows(() => defaultSession(one), TypeError, "by a session string");
    assert(!error.message.includes(text.slice(5, 15)));
  }
  for (const empty of ["", " ", "\n", '""', "''", "\ufeff", null, undefined]) {
    assertEquals(new StringSession(empty).save(), "");
  }
  for (const wrong of [5, true, {}, [], 5n]) {
    const make = () => new StringSession(wrong as unknown as string);
    assertThrows(make, TypeError, "expected a string");
  }
  const cut = `"${text.slice(0, -20)}"`;
  const error = await assertRejects(() => importSessionString(cut), Error);
  assert(!error.message.includes(text.slice(5, 15)));
});

Deno.test("A session file is named as people name it, and never by a secret", () => {
  const paths: Table = [
    ["me", "me.session"],
    [" me\n", "me.session"],
    ["me.session", "me.session"],
    ["john.doe", "john.doe.session"],
    ["./sessions/me", "./sessions/me.session"],
    ["/srv/me.db", "/srv/me.db"],
    ["C:\\me", "C:\\me.session"],
    ["with spaces", "with spaces.session"],
    ["мой 🦀", "мой 🦀.session"],
    ["+15551234567", "+15551234567.session"],
    ["777000", "777000.session"],
    ["me~", "me~.session"],
    ["file:me", "file:me.session"],
    ["file:///srv/me", "/srv/me.session"],
    ["FILE:///srv/a%20b.session", "/srv/a b.session"],
  ];
  for (const [name, path] of paths) {
    assertEquals((defaultSession(String(name)) as { path?: string }).path, path);
  }
  const refused: Table = [
    [LONG, "by a bot token"],
    [`"bot${LONG}"`, "by a bot token"],
    [`TOKEN=${LONG}`, "by a bot token"],
    ["tessera1.AbCdEf.0011", "by a session string"],
    ["tessera-sealed1.AbCdEf", "by a session string"],
    ["redis://user:hunter2@localhost", "by a URL"],
    ["https://example.com/me", "by a URL"],
    ["~/me", "by a path with ~"],
  ];
  for (const [name, says] of refused) {
    const { message } = assertThrows(() => defaultSession(String(name)), TypeError, says);
    assert(!/hunter2|secretToken|AbCdEf/.test(message), message);
  }
  assertThrows(() => pathOf(new URL("https://example.com/me")), TypeError, "file: URL");
});

const HASH = "0123456789abcdef".repeat(2);
const IDS: readonly unknown[] = [
  12345,
  "12345",
  " 12345\n",
  '"12345"',
  "'12345'",
  "API_ID=12345",
  "\u200b12345",
  12345n,
];
const NO_IDS: readonly (readonly [unknown, string])[] = [
  ["", "it is no number"],
  ["YOUR_API_ID", "it is no number"],
  ["12345.5", "it is no number"],
  ["-5", "it is no number"],
  ["0x10", "it is no number"],
  [HASH, "it looks like the api hash"],
  [0, 'the api id "0"'],
  [1.5, 'the api id "1.5"'],
  [NaN, 'the api id "NaN"'],
  [undefined, "of type undefined"],
  [null, "of type object"],
  [{}, "of type object"],
  [true, "of type boolean"],
];

Deno.test("An application is taken as people paste it", () => {
  for (const id of IDS) assertEquals(applicationOf(id, HASH), { apiId: 12345, apiHash: HASH });
  for (const [id, says] of NO_IDS) {
    const { message } = assertThrows(() => applicationOf(id, HASH), TypeError, says);
    assert(!message.includes(HASH));
  }
  const hashes = [HASH, HASH.toUpperCase(), ` ${HASH}\n`, `"${HASH}"`, `API_HASH='${HASH}'`];
  for (const hash of hashes) assertEquals(applicationOf(1, hash).apiHash, HASH);
  const wrong = ["", HASH.slice(1), `${HASH}0`, LONG, 5, null, undefined, `${HASH.slice(1)}g`];
  for (const hash of wrong) {
    const { message } = assertThrows(() => applicationOf(1, hash), TypeError, "32 hexadecimal");
    assert(!message.includes(HASH.slice(1)));
  }
  assertThrows(() => new Client(new StringSession(), HASH, "12345"), TypeError, "api hash");
});
