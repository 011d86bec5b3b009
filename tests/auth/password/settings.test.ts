import { SignInError } from "../../../src/auth/mod.ts";
import { PasswordSettings } from "../../../src/auth/password/mod.ts";
import { TELEGRAM_DH_PRIME } from "../../../src/crypto/mod.ts";
import { SecurityError } from "../../../src/mtproto/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assertEquals, assertNotEquals, assertRejects } from "../../helpers/assert.ts";
import {
  type Line,
  PASSWORD,
  play,
  type ScriptedTelegram,
} from "../../helpers/scripted_telegram.ts";
import { ALGO, PARAMETERS, rightPassword } from "../../helpers/server_password.ts";

const NEW_ALGO = { _: ALGO, ...PARAMETERS } as const;
const NONE: Api.account.password = {
  ...rightPassword(1n, true).password,
  hasPassword: undefined,
  currentAlgo: undefined,
  srpB: undefined,
  srpId: undefined,
  newAlgo: NEW_ALGO,
};

function getPassword(password: Api.account.password): Line {
  return ["account.getPassword", {}, password];
}

/** Plays a script with the settings of the account. */
function playSettings<T>(
  script: Line[],
  run: (settings: PasswordSettings, telegram: ScriptedTelegram) => Promise<T>,
): Promise<T> {
  return play(script, (telegram) => run(new PasswordSettings(telegram), telegram));
}

Deno.test("PasswordSettings.set() adds 32 new random bytes to the server's salt", async () => {
  const salts: Uint8Array[] = [];
  for (let round = 0; round < 2; round++) {
    const update: Line = ["account.updatePasswordSettings", {
      password: { _: "inputCheckPasswordEmpty" },
    }, (asked: Api.Methods["account.updatePasswordSettings"]["params"]) => {
      const { newAlgo, newPasswordHash } = asked.newSettings;
      if (newAlgo?._ !== ALGO) throw new Error("another algorithm");
      assertEquals(newAlgo.salt1.subarray(0, 3), PARAMETERS.salt1);
      assertEquals([newAlgo.salt1.length, newPasswordHash?.length], [35, 256]);
      assertEquals([newAlgo.salt2, newAlgo.g, newAlgo.p], [
        PARAMETERS.salt2,
        PARAMETERS.g,
        PARAMETERS.p,
      ]);
      salts.push(newAlgo.salt1);
      return true;
    }];
    await playSettings([getPassword(NONE), update], (settings) => settings.set(PASSWORD));
  }
  assertNotEquals(salts[0], salts[1]);
});

Deno.test("PasswordSettings.set() refuses unsafe groups and unknown algorithms", async () => {
  const composite = TELEGRAM_DH_PRIME.slice();
  composite[255] ^= 2;
  for (const change of [{ p: composite }, { g: 1 }, { p: TELEGRAM_DH_PRIME.subarray(1) }]) {
    const unsafe = { ...NONE, newAlgo: { ...NEW_ALGO, ...change } };
    await playSettings(
      [getPassword(unsafe)],
      (settings) => assertRejects(() => settings.set(PASSWORD), SecurityError, "Cannot set"),
    );
  }
  const unknown: Api.account.password = { ...NONE, newAlgo: { _: "passwordKdfAlgoUnknown" } };
  const error = await playSettings(
    [getPassword(unknown)],
    (settings) => assertRejects(() => settings.set(PASSWORD), SignInError),
  );
  assertEquals(error.reason, "unsupported");
});

Deno.test("PasswordSettings keeps Telegram Passport data unless told otherwise", async () => {
  const { password, check } = rightPassword(2n, true);
  const withData = { ...password, newAlgo: NEW_ALGO, hasSecureValues: true };
  type Step = (settings: PasswordSettings, discardPassportData?: boolean) => Promise<unknown>;
  const steps: Step[] = [
    (settings, discardPassportData) => settings.change(PASSWORD, "new", { discardPassportData }),
    (settings, discardPassportData) => settings.setHint(PASSWORD, "hint", { discardPassportData }),
    (settings, discardPassportData) => settings.remove(PASSWORD, { discardPassportData }),
  ];
  for (const step of steps) {
    const error = await playSettings(
      [getPassword(withData)],
      (settings) => assertRejects(() => step(settings), SignInError),
    );
    assertEquals(error.reason, "passportDataAtRisk");
    const update: Line = ["account.updatePasswordSettings", {}, check];
    await playSettings([getPassword(withData), update], (settings) => step(settings, true));
  }
  const status = await playSettings([getPassword(withData)], (settings) => settings.status());
  assertEquals([status.isSet, status.hasPassportData], [true, true]);
});
