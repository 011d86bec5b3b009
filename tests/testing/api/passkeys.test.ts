// What the offline Telegram looks at in the answers of passkeys: https://www.w3.org/TR/webauthn-3/, sections 7.1 and 7.2.

import type { OfflineApi } from "../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { assertEquals } from "../../helpers/assert.ts";
import { Authenticator, credentialOf, type Lies } from "../../helpers/authenticator.ts";
import { API, ask, assertRefused, caller, fixture, PHONE } from "./fixture.ts";

const OWNER = caller({ authKeyId: "a1" });
const NEWCOMER = caller({ authKeyId: "b2" });

function offline(): OfflineApi {
  const { api } = fixture();
  api.signIn(PHONE, OWNER);
  return api;
}

function publicKeyIn({ options }: TlObject): Record<string, unknown> {
  return JSON.parse((options as TlObject).data as string).publicKey;
}

function register(api: OfflineApi, authenticator: Authenticator): TlObject {
  const publicKey = publicKeyIn(ask(api, { _: "account.initPasskeyRegistration" }, OWNER));
  const credential = credentialOf(authenticator.create(publicKey));
  return ask(api, { _: "account.registerPasskey", credential }, OWNER);
}

function signIn(api: OfflineApi, authenticator: Authenticator): TlObject {
  const publicKey = publicKeyIn(ask(api, { _: "auth.initPasskeyLogin", ...API }, NEWCOMER));
  const credential = credentialOf(authenticator.get(publicKey));
  return ask(api, { _: "auth.finishPasskeyLogin", credential }, NEWCOMER);
}

Deno.test("a passkey that was made signs in, whether it counts how often it signs or not", () => {
  for (const lies of [{}, { signCount: 0 }]) {
    const api = offline();
    const authenticator = new Authenticator();
    authenticator.lies = lies;
    assertEquals(register(api, authenticator)._, "passkey");
    for (let i = 0; i < 3; i++) assertEquals(signIn(api, authenticator)._, "auth.authorization");
  }
});

/** What is wrong both with a new passkey and with the signature of one, each with what Telegram says of it. */
const WRONG: Record<string, [lies: Lies, name: string]> = {
  "an answer to another question": [
    { clientData: { type: "webauthn.other" } },
    "CREDENTIAL_INVALID",
  ],
  "another challenge": [{ clientData: { challenge: "AAAA" } }, "CREDENTIAL_INVALID"],
  "another origin": [{ clientData: { origin: "https://a.example" } }, "PASSKEY_ORIGIN_MISMATCH"],
  "a page within a page of another origin": [
    { clientData: { crossOrigin: true } },
    "PASSKEY_ORIGIN_MISMATCH",
  ],
  "another relying party": [{ rpId: "a.example" }, "CREDENTIAL_INVALID"],
  "nobody present": [{ flags: 0x04 }, "CREDENTIAL_INVALID"],
  "nobody verified": [{ flags: 0x01 }, "CREDENTIAL_INVALID"],
  "a backup of what may have none": [{ flags: 0x15 }, "CREDENTIAL_INVALID"],
  "extensions that are not there": [{ flags: 0x85 }, "CREDENTIAL_INVALID"],
  "more than the flags say": [{ more: Uint8Array.of(0xa0) }, "CREDENTIAL_INVALID"],
  "another id": [{ id: "AAAA" }, "CREDENTIAL_INVALID"],
  "an id that is none": [{ id: "?" }, "CREDENTIAL_INVALID"],
  "an id that is no base64url": [{ id: "AAAAA" }, "CREDENTIAL_INVALID"],
};

/** What is wrong with a new passkey only. */
const WRONG_KEY: Record<string, Lies> = {
  "a key of another algorithm": { algorithm: -8 },
  "a key that is not on the curve": { spoil: (key) => key.with(20, key[20] ^ 1) },
  "a key that is cut off": { spoil: (key) => key.subarray(0, 60) },
  "a key that is no map": { spoil: () => Uint8Array.of(0x80) },
  "a key that is no CBOR": { spoil: () => Uint8Array.of(0xff) },
};

/** What is wrong with a signature only. */
const WRONG_SIGNATURE: Record<string, Lies> = {
  "another signature": { spoil: (bytes) => bytes.with(20, bytes[20] ^ 1) },
  "no signature": { spoil: () => new Uint8Array() },
  "a signature of zeros": { spoil: () => Uint8Array.of(0x30, 6, 2, 1, 0, 2, 1, 0) },
  "a signature that is cut off": { spoil: (bytes) => bytes.subarray(0, -1) },
  "more than a signature": { spoil: (bytes) => Uint8Array.of(...bytes, 0) },
  "a count that does not go on": { signCount: 1 },
  "no count any more": { signCount: 0 },
  "another way of being kept": { flags: 0x0d },
  "another user": { userHandle: "Mjox" },
};

const WRONG_REGISTRATIONS = {
  ...WRONG,
  ...Object.fromEntries(
    Object.entries(WRONG_KEY).map(([what, lies]) => [what, [lies, "CREDENTIAL_INVALID"] as const]),
  ),
};
const WRONG_SIGN_INS = {
  ...WRONG,
  ...Object.fromEntries(
    Object.entries(WRONG_SIGNATURE).map((
      [what, lies],
    ) => [what, [lies, "CREDENTIAL_INVALID"] as const]),
  ),
};

for (const [what, [lies, name]] of Object.entries(WRONG_REGISTRATIONS)) {
  Deno.test(`account.registerPasskey refuses ${what} as ${name}`, () => {
    const api = offline();
    const authenticator = new Authenticator();
    authenticator.lies = lies;
    assertRefused(() => register(api, authenticator), 400, name);
    authenticator.lies = {};
    assertEquals(register(api, authenticator)._, "passkey");
    assertRefused(() => register(api, authenticator), 400, "CREDENTIAL_INVALID"); // there is one
  });
}

for (const [what, [lies, name]] of Object.entries(WRONG_SIGN_INS)) {
  Deno.test(`auth.finishPasskeyLogin refuses ${what} as ${name}`, () => {
    const api = offline();
    const authenticator = new Authenticator();
    register(api, authenticator);
    authenticator.lies = lies;
    assertRefused(() => signIn(api, authenticator), 400, name);
    authenticator.lies = {};
    assertEquals(signIn(api, authenticator)._, "auth.authorization");
  });
}

Deno.test("auth.finishPasskeyLogin refuses the signature of another passkey, an answer that came before and one of the wrong kind", () => {
  const api = offline();
  const [one, two] = [new Authenticator(), new Authenticator()];
  const { id } = register(api, one);
  register(api, two);
  two.lies = { id: String(id) };
  assertRefused(() => signIn(api, two), 400, "CREDENTIAL_INVALID");
  const question = publicKeyIn(ask(api, { _: "auth.initPasskeyLogin", ...API }, NEWCOMER));
  const credential = credentialOf(one.get(question));
  const finish = { _: "auth.finishPasskeyLogin", credential };
  assertEquals(ask(api, finish, NEWCOMER)._, "auth.authorization");
  assertRefused(() => ask(api, finish, NEWCOMER), 500, "AUTH_RESTART");
  const made = credentialOf(new Authenticator().create({ challenge: "", user: { id: "" } }));
  const wrongKind = { _: "auth.finishPasskeyLogin", credential: made };
  assertRefused(() => ask(api, wrongKind, NEWCOMER), 400, "CREDENTIAL_INVALID");
});
