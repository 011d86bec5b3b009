/**
 * The browsers that a connection can look like, as tables. They state public facts: captures of
 * browsers, their JA4 (https://github.com/FoxIO-LLC/ja4) and their sources. A new version of a
 * browser is a new table; tests/transport/mtproxy/profiles.test.ts has the JA4 of each.
 *
 * Chrome shuffles its extensions, Firefox and Safari do not. Firefox uses one X25519 key for both
 * of its shares (NSS 3.103), and random bytes for the key of its encrypted client hello.
 */
import type { Hello, HelloProfile } from "./hello_profile.ts";

const SERVER_NAME: Hello = ["0000", { sized: [{ sized: ["00", { sized: [{ domain: true }] }] }] }];
const STATUS_REQUEST: Hello = ["0005 0005 01 0000 0000"];
const POINT_FORMATS: Hello = ["000b 0002 01 00"];
const HTTP_2_OR_1: Hello = ["0010 000e 000c 02 6832 08 687474702f312e31"];
const CERTIFICATE_TIMESTAMP: Hello = ["0012 0000"];
const EXTENDED_MASTER_SECRET: Hello = ["0017 0000"];
const SESSION_TICKET: Hello = ["0023 0000"];
const PSK_MODES: Hello = ["002d 0002 01 01"];
const RENEGOTIATION: Hello = ["ff01 0001 00"];

/** GREASE, X25519MLKEM768 and X25519. */
const KEY_SHARES_OF_GREASE: Hello = ["0033", {
  sized: [{
    sized: [
      { grease: 4 },
      "0001 00",
      "11ec 04c0",
      { mlKem768: true },
      { x25519: "hybrid" },
      "001d 0020",
      { x25519: "alone" },
    ],
  }],
}];

/** Chrome, which shuffles its extensions, with the signature algorithms of some versions. */
const chrome = (versions: string, algorithms: Hello): HelloProfile => ({
  browser: `Chrome ${versions}`,
  ciphers: [
    { grease: 0 },
    "1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035",
  ],
  extensions: [
    { grease: 2 },
    "0000",
    {
      shuffled: [
        SERVER_NAME,
        STATUS_REQUEST,
        ["000a 000c 000a", { grease: 4 }, "11ec 001d 0017 0018"],
        POINT_FORMATS,
        algorithms,
        HTTP_2_OR_1,
        CERTIFICATE_TIMESTAMP,
        EXTENDED_MASTER_SECRET,
        ["001b 0003 02 0002"],
        SESSION_TICKET,
        ["002b 0007 06", { grease: 6 }, "0304 0303"],
        PSK_MODES,
        KEY_SHARES_OF_GREASE,
        ["44cd 0005 0003 02 6832"],
        ["fe0d", {
          sized: [
            "00 0001 0001",
            { random: 1 },
            "0020",
            { x25519: "encapsulated" },
            { sized: [{ randomOf: [144, 176, 208, 240] }] },
          ],
        }],
        RENEGOTIATION,
      ],
    },
    { grease: 3 },
    "0001 00",
  ],
});

const CHROME = chrome("144 to 149", [
  "000d 0012 0010 0403 0804 0401 0503 0805 0501 0806 0601",
]);
/** Since version 150, the three kinds of ML-DSA come first. */
const CHROME_150 = chrome("150 and 151", [
  "000d 0018 0016 0904 0905 0906 0403 0804 0401 0503 0805 0501 0806 0601",
]);

const FIREFOX: HelloProfile = {
  browser: "Firefox 135 to 150",
  ciphers: [
    "1301 1303 1302 c02b c02f cca9 cca8 c02c c030 c00a c009 c013 c014 009c 009d 002f 0035",
  ],
  extensions: [
    ...SERVER_NAME,
    ...EXTENDED_MASTER_SECRET,
    ...RENEGOTIATION,
    "000a 0010 000e 11ec 001d 0017 0018 0019 0100 0101",
    ...POINT_FORMATS,
    ...SESSION_TICKET,
    ...HTTP_2_OR_1,
    ...STATUS_REQUEST,
    "0022 000a 0008 0403 0503 0603 0203",
    ...CERTIFICATE_TIMESTAMP,
    "0033",
    {
      sized: [{
        sized: [
          "11ec 04c0",
          { mlKem768: true },
          { x25519: "both" },
          "001d 0020",
          { x25519: "both" },
          "0017 0041",
          { p256: true },
        ],
      }],
    },
    "002b 0005 04 0304 0303",
    "000d 0018 0016 0403 0503 0603 0804 0805 0806 0401 0501 0601 0203 0201",
    ...PSK_MODES,
    "001c 0002 4001",
    "001b 0007 06 0001 0002 0003",
    "fe0d",
    {
      sized: [
        "00 0001",
        { oneOf: [["0001"], ["0003"]] },
        { random: 1 },
        "0020",
        { random: 32 },
        "00ef",
        { random: 239 },
      ],
    },
  ],
};

const SAFARI: HelloProfile = {
  browser: "Safari 26",
  ciphers: [
    { grease: 0 },
    "1302 1303 1301 c02c c02b cca9 c030 c02f cca8 c00a c009 c014 c013 009d 009c 0035 002f",
    "c008 c012 000a",
  ],
  extensions: [
    { grease: 2 },
    "0000",
    ...SERVER_NAME,
    ...EXTENDED_MASTER_SECRET,
    ...RENEGOTIATION,
    "000a 000e 000c",
    { grease: 4 },
    "11ec 001d 0017 0018 0019",
    ...POINT_FORMATS,
    ...HTTP_2_OR_1,
    ...STATUS_REQUEST,
    "000d 0016 0014 0403 0804 0401 0503 0805 0805 0501 0806 0601 0201",
    ...CERTIFICATE_TIMESTAMP,
    ...KEY_SHARES_OF_GREASE,
    ...PSK_MODES,
    "002b 0007 06",
    { grease: 6 },
    "0304 0303",
    "001b 0003 02 0001",
    { grease: 3 },
    "0001 00",
  ],
};

/** The browsers, one of which is chosen for each connection. */
export const HELLO_PROFILES: readonly HelloProfile[] = [CHROME, FIREFOX, SAFARI, CHROME_150];
