/**
 * What the sign-in page makes of the texts that people type. In a browser,
 * tests/runtimes/web.test.ts uses the whole page.
 */
import { browserName } from "../../examples/web/browser_name.ts";
import { COUNTRIES, type Country, countryOf, nameOf } from "../../examples/web/countries.ts";
import { codeIn, forgetPasswords, textOf } from "../../examples/web/field.ts";
import {
  caretIn,
  formatPhone,
  readPhone,
  suggestCountry,
} from "../../examples/web/phone_number.ts";
import { assertEquals } from "../helpers/assert.ts";
import { countryRows } from "./country_table.ts";

const SECRET = { dataset: { secret: "" } };
const PLAIN = { dataset: {} };

function country(region: string): Country {
  const found = COUNTRIES.find((one) => one.region === region);
  if (found === undefined) throw new Error(`There is no country "${region}"`);
  return found;
}

Deno.test("The sign-in page takes a password to the letter, and trims anything else", () => {
  assertEquals(
    textOf({ ...SECRET, type: "password", value: " correct horse " }),
    " correct horse ",
  );
  assertEquals(textOf({ ...SECRET, type: "text", value: " shown " }), " shown ");
  assertEquals(textOf({ ...PLAIN, type: "tel", value: " +9996621111\n" }), "+9996621111");
});

Deno.test("The sign-in page empties and hides passwords, also those that are shown", () => {
  const fields = [
    { ...SECRET, type: "text", value: "secret" },
    { ...PLAIN, type: "tel", value: "+999" },
  ];
  forgetPasswords(fields);
  assertEquals(fields.map(({ type, value }) => [type, value]), [["password", ""], ["tel", "+999"]]);
});

Deno.test("The sign-in page finds the code in what is pasted", () => {
  const cases: [text: string, length: number | undefined, code: string][] = [
    ["12345", 5, "12345"],
    [" 123 45 ", 5, "12345"],
    ["12-345", 5, "12345"],
    ["Login code: 12345. Do not give it to anyone.", 5, "12345"],
    ["On 27 November, your code is 12345", 5, "12345"],
    ["12", 5, "12"],
    ["123456", 5, "123456"],
    ["12345 or 54321?", 5, "12345 or 54321?"],
    ["correct horse", undefined, "correct horse"],
  ];
  for (const [text, length, code] of cases) assertEquals(codeIn(text, length), code, text);
});

Deno.test("The countries of the sign-in page are those of libphonenumber", async () => {
  const source = await Deno.readTextFile(
    new URL("../../examples/web/countries.ts", import.meta.url),
  );
  const rows = /ROWS = `([^`]*)`/.exec(source)?.[1].trim().split(/,\s+/);
  assertEquals(rows, countryRows());
  assertEquals([country("DE"), country("XX")].map(nameOf), ["Germany", "Anonymous number"]);
});

Deno.test("The sign-in page reads phone numbers as people type them", () => {
  const cases: [typed: string, region: string | undefined, read: string][] = [
    ["+49 1512 3456789", "DE", "+4915123456789"],
    ["+49 (0) 1512 3456789", "US", "+4915123456789"],
    ["0049 1512/3456789", undefined, "+4915123456789"],
    ["01512-3456789", "DE", "+4915123456789"],
    ["1512 3456789", "DE", "+4915123456789"],
    ["4915123456789", "DE", "+4915123456789"],
    ["(201) 555-0123", "US", "+12015550123"],
    ["1 201 555 0123", "US", "+12015550123"],
    ["8 912 345-67-89", "RU", "+79123456789"],
    ["06 20 123 4567", "HU", "+36201234567"],
    ["312 345 6789", "IT", "+393123456789"],
    ["+1 +9996621111", "US", "+9996621111"],
    ["+٤٩ ١٥١٢ ٣٤٥٦٧٨٩", undefined, "+4915123456789"],
    ["\u202a+49\u00a01512\u00a03456789\u202c", undefined, "+4915123456789"],
    ["01512 3456789", undefined, "noCountry"],
    ["", "DE", "empty"],
    ["+49 ", "DE", "empty"],
    ["@ada", "DE", "letters"],
    ["+49 15", "DE", "tooShort"],
    ["+49 1512 3456789 012345", "DE", "tooLong"],
  ];
  for (const [typed, region, expected] of cases) {
    const read = readPhone(typed, region === undefined ? undefined : country(region));
    assertEquals("number" in read ? read.number : read.wrong, expected, typed);
  }
});

Deno.test("The sign-in page shows phone numbers in groups while they are typed", () => {
  const cases: [typed: string, shown: string][] = [
    ["+4", "+4"],
    ["+49", "+49"],
    ["+491512345", "+49 1512 345"],
    ["+33612345678", "+33 6 12 34 56 78"],
    ["+12015550123999", "+1 201 555 0123999"],
    ["0151", "0151"],
    ["+1 +4915", "+49 15"],
  ];
  for (const [typed, shown] of cases) assertEquals(formatPhone(typed), shown);
  assertEquals(caretIn("+49 1512 345", 5), 6);
  assertEquals(caretIn("+49 1512 345", 0), 0);
});

Deno.test("The sign-in page suggests the country, and keeps one that shares its code", () => {
  const cases: [typed: string, chosen: string | undefined, suggested: string | undefined][] = [
    ["+44 7400", undefined, "GB"],
    ["+44 7400", "GG", "GG"],
    ["+1 506 234", "CA", "CA"],
    ["+1 242 359", "CA", "BS"],
    ["+1", "BS", "BS"],
    ["+1 201 555", "BS", "US"],
    ["+7 771 000", "RU", "KZ"],
    ["+888 1234", undefined, "XX"],
    ["+49", "US", "DE"],
    ["0151", "DE", undefined],
    ["+", "DE", undefined],
  ];
  for (const [typed, chosen, suggested] of cases) {
    const found = suggestCountry(typed, chosen === undefined ? undefined : country(chosen));
    assertEquals(found?.region, suggested, typed);
  }
  assertEquals(countryOf("")?.region, undefined);
});

Deno.test("The sign-in page names its browser in the list of devices", () => {
  const webKit = "AppleWebKit/537.36 (KHTML, like Gecko)";
  const cases: [userAgent: string, name: string][] = [
    [`Mozilla/5.0 (X11; Linux x86_64) ${webKit} Chrome/140.0 Safari/537.36`, "Chrome on Linux"],
    [
      `Mozilla/5.0 (Windows NT 10.0) ${webKit} Chrome/140.0 Safari/537.36 Edg/140`,
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0",
      "Firefox on macOS",
    ],
    [
      `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${webKit} Version/18.0 Safari/604.1`,
      "Safari on iPhone",
    ],
    ["", "Browser"],
  ];
  for (const [userAgent, name] of cases) assertEquals(browserName(userAgent), name);
});
