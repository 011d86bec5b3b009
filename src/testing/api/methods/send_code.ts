// Sending a code: which code, and by which way. https://core.telegram.org/api/auth#sending-a-verification-code
// What the answer looks like is in sent_code.ts.

import type { Random } from "../../../runtime/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import { keyOf } from "../state/authorizations.ts";
import { emailPattern } from "../state/email_codes.ts";
import type { Call } from "./method.ts";
import { testNumberCode } from "../phone_number.ts";
import { sentCode } from "../objects/sent_code.ts";
import type { World } from "../state/server_state.ts";

const APP_FIRST = ["app", "sms", "call"] as const;
const SMS_FIRST = ["sms", "call"] as const;

/** Sends a code to a number, by the ways that it has. */
export function sendCodeTo(
  { world, caller }: Call,
  phone: string,
  account: Account | undefined,
): Api.auth.sentCode {
  const key = keyOf(caller);
  const code = codeFor(phone, account, world.random);
  if (account !== undefined) resetDueLoginEmail(world, account);
  if (account?.needsLoginEmail) {
    return sentCode(world.codes.send(key, phone, "", ["emailSetUpRequired"]));
  }
  if (account?.loginEmail !== undefined) {
    const { loginEmail, loginEmailReset: resetPendingDate } = account;
    world.emailCodes.note(loginEmail, code);
    return sentCode(world.codes.send(key, phone, code, ["email"], {
      emailPattern: emailPattern(loginEmail),
      resetAvailablePeriod: resetPendingDate === undefined ? world.resetPeriod : undefined,
      resetPendingDate,
    }));
  }
  const signedInElsewhere = account !== undefined && world.authorizations.of(account).length > 0;
  const ways = account?.codeWays ?? (signedInElsewhere ? APP_FIRST : SMS_FIRST);
  return sentCode(world.codes.send(key, phone, code, ways));
}

/** Does a reset of the login email whose time has come. */
function resetDueLoginEmail(world: World, account: Account): void {
  if (account.loginEmailReset === undefined || world.now() < account.loginEmailReset) return;
  account.loginEmail = undefined;
  account.loginEmailReset = undefined;
}

function codeFor(phone: string, account: Account | undefined, random: Random): string {
  if (typeof account?.code === "function") return account.code(`+${phone}`);
  return account?.code ?? testNumberCode(phone) ?? randomCode(random);
}

function randomCode(random: Random): string {
  const number = random(4).reduce((sum, byte) => sum * 256 + byte, 0);
  return String(number % 100_000).padStart(5, "0");
}
