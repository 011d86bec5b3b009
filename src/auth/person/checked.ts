/**
 * The public door of the steps: it refuses options that are not known before anything is done. The
 * steps themselves pass their options on to each other, with fields that only one of them reads.
 */
import { checkFields } from "../../runtime/mod.ts";
import type { SignInContext } from "../context.ts";
import { Devices } from "../devices/mod.ts";
import { Passkeys } from "../passkeys/mod.ts";
import { PasswordSettings } from "../password/mod.ts";

/** The known fields of the arguments of a function that are objects, by their places. */
type Places = Readonly<Record<number, readonly string[]>>;
/** The names of the methods of a class. */
type Methods<T> = {
  [K in keyof T]: T[K] extends (...args: never[]) => unknown ? K : never;
}[keyof T];

const ONLY = ["signal"];
const FIRST: Places = { 0: ONLY };
const SECOND: Places = { 1: ONLY };
const THIRD: Places = { 2: ONLY };
const REPLACE = ["discardPassportData", "signal"];
const NEW_PASSWORD = ["hint", "recoveryEmail", ...REPLACE];
const RECOVERED = ["newPassword", "hint"];

/** The steps that the client has, without their first argument. */
const STEPS = {
  acceptQr: SECOND,
  cancelCode: SECOND,
  checkPaidCode: THIRD,
  checkPassword: THIRD,
  checkRecoveryCode: SECOND,
  interactiveLogin: {
    1: ["password", "qr", "qrCode", "maxAttempts", "ask", "signal"],
  },
  recoverPassword: { 2: RECOVERED, 3: ONLY },
  reportMissingCode: THIRD,
  requestLoginCode: SECOND,
  requestPasswordRecovery: SECOND,
  resendCode: SECOND,
  resetLoginEmail: SECOND,
  resumeLogin: SECOND,
  setUpLoginEmail: THIRD,
  signIn: THIRD,
  signUp: { 1: ["firstName", "lastName", "acceptTerms", "noJoinedNotifications"], 2: ONLY },
  verifyLoginEmail: THIRD,
  webTokenSignIn: SECOND,
} as const satisfies Record<string, Places>;

const DEVICES: Readonly<Record<Methods<Devices>, Places>> = {
  list: FIRST,
  terminate: SECOND,
  terminateOthers: FIRST,
  confirm: SECOND,
  configure: { 1: ["acceptsSecretChats", "acceptsCalls"], 2: ONLY },
  getInactivityLimit: FIRST,
  setInactivityLimit: SECOND,
  listWeb: FIRST,
  terminateWeb: SECOND,
  terminateAllWeb: FIRST,
};

const PASSKEYS: Readonly<Record<Methods<Passkeys>, Places>> = {
  signIn: SECOND,
  register: SECOND,
  list: FIRST,
  delete: SECOND,
};

const PASSWORD: Readonly<Record<Methods<PasswordSettings>, Places>> = {
  status: FIRST,
  set: { 1: NEW_PASSWORD },
  change: { 2: NEW_PASSWORD },
  setHint: { 2: REPLACE },
  remove: { 1: REPLACE },
  recoveryEmail: SECOND,
  setRecoveryEmail: THIRD,
  confirmRecoveryEmail: SECOND,
  resendRecoveryEmailCode: FIRST,
  cancelRecoveryEmail: FIRST,
  requestRecovery: FIRST,
  checkRecoveryCode: SECOND,
  recover: { 1: RECOVERED, 2: ONLY },
  requestReset: FIRST,
  cancelReset: FIRST,
};

/** Returns the steps that the client has; the first argument of each is its context. */
export function checkedSteps<T extends Readonly<Record<keyof typeof STEPS, unknown>>>(
  steps: T,
): Pick<T, keyof typeof STEPS> {
  return checked(steps, STEPS, 1);
}

/** Returns the devices of an account. */
export function devices(context: SignInContext): Devices {
  return checked(new Devices(context), DEVICES);
}

/** Returns the passkeys of an account. */
export function passkeys(context: SignInContext): Passkeys {
  return checked(new Passkeys(context), PASSKEYS);
}

/** Returns the settings of the 2FA password of an account. */
export function password(context: SignInContext): PasswordSettings {
  return checked(new PasswordSettings(context), PASSWORD);
}

type Function = (...args: unknown[]) => unknown;

/** Returns an object with the functions of a table, which check their arguments first. */
function checked<T extends object>(
  object: T,
  table: Readonly<Record<string, Places>>,
  skipped = 0,
): T {
  const door: Record<string, Function> = {};
  for (const [name, places] of Object.entries(table)) {
    door[name] = (...args) => {
      for (const [place, known] of Object.entries(places)) {
        const given = args[Number(place) + skipped];
        if (given !== undefined) checkFields(`call ${name}()`, given as object, known);
      }
      return (object as Record<string, Function>)[name](...args);
    };
  }
  return door as T;
}
