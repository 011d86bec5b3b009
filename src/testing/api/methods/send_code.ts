/**
 * Sending a code: it chooses the code and its delivery.
 * https://core.telegram.org/api/auth#sending-a-verification-code
 */
import type { Random } from "../../../runtime/mod.ts";
import type { Api } from "../../../tl/mod.ts";
import { keyOf } from "../caller.ts";
import { sentCode } from "../objects/sent_code.ts";
import { testNumberCode } from "../phone_number.ts";
import { type Account, removeDueLoginEmail } from "../state/account.ts";
import { emailPattern } from "../state/email_codes.ts";
import { randomDigits } from "../state/random_values.ts";
import type { Call } from "./method.ts";

const CODE_LENGTH = 5;
const APP_FIRST = ["app", "sms", "call"] as const;
const SMS_FIRST = ["sms", "call"] as const;

/** Sends a code to a number. */
export function sendCodeTo(
  { state, caller }: Call,
  phone: string,
  account: Account | undefined,
): Api.auth.sentCode {
  const key = keyOf(caller);
  const code = codeFor(phone, account, state.random);
  if (account !== undefined) removeDueLoginEmail(account, state.nowSeconds());
  if (account?.needsLoginEmail) {
    return sentCode(state.codes.send(key, phone, "", ["emailSetUpRequired"]));
  }
  if (account?.loginEmail !== undefined) {
    const { loginEmail, loginEmailResetAtSeconds: resetPendingDate } = account;
    state.emailCodes.note(loginEmail, code);
    return sentCode(state.codes.send(key, phone, code, ["email"], {
      emailPattern: emailPattern(loginEmail),
      resetAvailablePeriod: resetPendingDate === undefined ? state.resetPeriodSeconds : undefined,
      resetPendingDate,
    }));
  }
  const signedInElsewhere = account !== undefined && state.authorizations.of(account).length > 0;
  const ways = account?.codeWays ?? (signedInElsewhere ? APP_FIRST : SMS_FIRST);
  return sentCode(state.codes.send(key, phone, code, ways));
}

function codeFor(phone: string, account: Account | undefined, random: Random): string {
  if (typeof account?.code === "function") return account.code(`+${phone}`);
  return account?.code ?? testNumberCode(phone) ?? randomDigits(random, CODE_LENGTH);
}
