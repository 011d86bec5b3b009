/**
 * The checks of the offline Telegram on the answers of passkeys:
 * https://www.w3.org/TR/webauthn-3/, sections 7.1 and 7.2.
 */
import type { OfflineApi } from "../../../../src/testing/api/mod.ts";
import type { TlObject } from "../../../../src/tl/mod.ts";
import { assertEquals } from "../../../helpers/assert.ts";
import { Authenticator, credentialOf, type Lies } from "../../../helpers/authenticator.ts";
import { API, ask, assertRefused, caller, fixture, PHONE } from "../fixture.ts";

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

Deno.test("a registered passkey signs in, with and without a signature counter", () => {
  for (const lies of [{}, { signCount: 0 }]) {
    const api = offline();
    const authenticator = new Authenticator();
    authenticator.lies = lies;
    assertEquals(register(api, authenticator)._, "passkey");
    for (let i = 0; i < 3; i++) assertEquals(signIn(api, authenticator)._, "auth.authorization");
  }
});

/** Mistakes of new passkeys and of signatures, each with the error of Telegram. */
const WRONG: Record<string, [lies: Lies, name: string]> = {
  "an answer of another type": [
    { clientData: { type: "webauthn.other" } },
    "CREDENTIAL_INVALID",
  ],
  "another challenge": [{ clientData: { challenge: "AAAA" } }, "CREDENTIAL_INVALID"],
  "another origin": [{ clientData: { origin: "https://a.example" } }, "PASSKEY_ORIGIN_MISMATCH"],
  "an embedded page of another origin": [
    { clientData: { crossOrigin: true } },
    "PASSKEY_ORIGIN_MISMATCH",
  ],
  "another relying party": [{ rpId: "a.example" }, "CREDENTIAL_INVALID"],
  "an absent user": [{ flags: 0x04 }, "CREDENTIAL_INVALID"],
  "an unverified user": [{ flags: 0x01 }, "CREDENTIAL_INVALID"],
  "a backup of an ineligible passkey": [{ flags: 0x15 }, "CREDENTIAL_INVALID"],
  "missing extensions": [{ flags: 0x85 }, "CREDENTIAL_INVALID"],
  "more bytes than the flags announce": [{ more: Uint8Array.of(0xa0) }, "CREDENTIAL_INVALID"],
  "another id": [{ id: "AAAA" }, "CREDENTIAL_INVALID"],
  "a malformed id": [{ id: "?" }, "CREDENTIAL_INVALID"],
  "an id that is not base64url": [{ id: "AAAAA" }, "CREDENTIAL_INVALID"],
};

/** Mistakes of new passkeys only. */
const WRONG_KEY: Record<string, Lies> = {
  "a key of another algorithm": { algorithm: -8 },
  "a key off the curve": { spoil: (key) => key.with(20, key[20] ^ 1) },
  "an incomplete key": { spoil: (key) => key.subarray(0, 60) },
  "a key that is not a map": { spoil: () => Uint8Array.of(0x80) },
  "a key that is not CBOR": { spoil: () => Uint8Array.of(0xff) },
};

/** Mistakes of signatures only. */
const WRONG_SIGNATURE: Record<string, Lies> = {
  "another signature": { spoil: (bytes) => bytes.with(20, bytes[20] ^ 1) },
  "no signature": { spoil: () => new Uint8Array() },
  "a signature of zeros": { spoil: () => Uint8Array.of(0x30, 6, 2, 1, 0, 2, 1, 0) },
  "an incomplete signature": { spoil: (bytes) => bytes.subarray(0, -1) },
  "a signature with an extra byte": { spoil: (bytes) => Uint8Array.of(...bytes, 0) },
  "a counter that does not increase": { signCount: 1 },
  "a counter that disappears": { signCount: 0 },
  "another backup eligibility": { flags: 0x0d },
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
    assertRefused(() => register(api, authenticator), 400, "CREDENTIAL_INVALID"); // it is known
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

Deno.test("auth.finishPasskeyLogin refuses another passkey, and repeated or wrong answers", () => {
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
