/**
 * The part of `start` that signs in a person: a walk over the steps from the phone number (or QR
 * code) to the user, which asks for each answer when a step needs it. The protocol is in the steps.
 */
import { abortable } from "../../runtime/mod.ts";
import { setUpLoginEmail, verifyLoginEmail } from "../code/login_email.ts";
import { requestLoginCode } from "../code/request_code.ts";
import { signIn } from "../code/sign_in.ts";
import { signUp } from "../code/sign_up.ts";
import type { SignInContext } from "../context.ts";
import { SignInError } from "../errors.ts";
import { trimCode } from "../input/code.ts";
import { askUntilAccepted, type LoginAnswers, textOf, valueOf } from "../login_answers.ts";
import { checkPassword } from "../password/check_password.ts";
import { showQrCodes } from "../qr/show_qr_codes.ts";
import type { LoginToken } from "../tokens/login_token.ts";
import type { PasswordToken } from "../tokens/password_token.ts";
import type { SignUpToken } from "../tokens/sign_up_token.ts";
import type { User } from "../user.ts";

/** After these reasons no answer can be right until a new code is requested. */
const NEEDS_NEW_CODE: readonly SignInError["reason"][] = ["codeExpired", "restartNeeded"];

/** Signs in with a phone number and a code. */
export async function signInPerson(
  context: SignInContext,
  answers: LoginAnswers,
): Promise<User> {
  const { phoneNumber, phoneCode } = answers;
  if (phoneNumber === undefined || phoneCode === undefined) {
    throw new TypeError(
      "Cannot sign in: an answer is missing. Pass phoneNumber and phoneCode, qrCode, or " +
        "botAuthToken.",
    );
  }
  const login = await askUntilAccepted(context, answers, {
    answer: phoneNumber,
    ask: () => textOf(phoneNumber),
    use: (phone) => requestLoginCode(context, phone, answers),
    wrong: ["phoneInvalid", "phoneBanned", "phoneUnregistered"],
  });
  const outcome = login.outcome ?? await withCode(context, answers, login, phoneCode);
  return await finishWith(context, answers, outcome);
}

/** Signs in by a QR code, which `show` shows. */
export async function signInByQrCode(
  context: SignInContext,
  answers: LoginAnswers,
  show: NonNullable<LoginAnswers["qrCode"]>,
): Promise<User> {
  return await finishWith(context, answers, await showQrCodes(context, show, answers));
}

/** Goes on from the outcome of a step: asks for the answer that is still missing. */
async function finishWith(
  context: SignInContext,
  answers: LoginAnswers,
  outcome: User | PasswordToken | SignUpToken,
): Promise<User> {
  switch (outcome.kind) {
    case "user":
      return outcome;
    case "password":
      return await withPassword(context, answers, outcome);
    case "signUp":
      return await withNames(context, answers, outcome);
  }
}

async function withCode(
  context: SignInContext,
  answers: LoginAnswers,
  sent: LoginToken,
  phoneCode: NonNullable<LoginAnswers["phoneCode"]>,
): Promise<User | PasswordToken | SignUpToken> {
  let login = await withEmail(context, answers, sent);
  let isOver = false;
  return await askUntilAccepted(context, answers, {
    answer: phoneCode,
    async ask() {
      if (isOver) {
        const again = await requestLoginCode(context, login.phone, answers);
        login = await withEmail(context, answers, again);
      }
      isOver = false;
      if (login.outcome !== undefined) return "";
      return trimCode(await valueOf(phoneCode, login.deliveredBy === "app", login));
    },
    async use(code) {
      try {
        return await signIn(context, login, code, answers);
      } catch (error) {
        isOver = error instanceof SignInError && NEEDS_NEW_CODE.includes(error.reason);
        throw error;
      }
    },
    wrong: ["codeInvalid", "codeEmpty", ...NEEDS_NEW_CODE],
  });
}

/**
 * Returns a token whose code is on its way: sets up a login email, if Telegram demands one before
 * it sends a code.
 */
async function withEmail(
  context: SignInContext,
  answers: LoginAnswers,
  login: LoginToken,
): Promise<LoginToken> {
  if (login.deliveredBy === "paymentRequired") throw new SignInError("paymentRequired");
  if (login.deliveredBy !== "emailSetUpRequired") return login;
  const { emailAddress, emailCode } = answers;
  if (emailAddress === undefined || emailCode === undefined) {
    throw new SignInError("emailSetUpRequired");
  }
  const sent = await askUntilAccepted(context, answers, {
    answer: emailAddress,
    ask: () => textOf(emailAddress),
    use: (email) => setUpLoginEmail(context, login, email, answers),
    wrong: ["emailInvalid", "emailNotAllowed"],
  });
  return await askUntilAccepted(context, answers, {
    answer: emailCode,
    ask: async () => trimCode(await valueOf(emailCode, sent)),
    use: (code) => verifyLoginEmail(context, login, code, answers),
    wrong: ["codeInvalid", "codeEmpty"],
  });
}

async function withPassword(
  context: SignInContext,
  answers: LoginAnswers,
  token: PasswordToken,
): Promise<User> {
  const { password: answer } = answers;
  if (answer === undefined) throw new SignInError("passwordNeeded");
  return await askUntilAccepted(context, answers, {
    answer,
    ask: () => textOf(answer, token.hint),
    use: (password) => checkPassword(context, token, password, answers),
    wrong: ["passwordInvalid", "passwordEmpty"],
  });
}

/** Signs up, if the program has a name for the account and accepts the terms. */
async function withNames(
  context: SignInContext,
  answers: LoginAnswers,
  token: SignUpToken,
): Promise<User> {
  const { firstAndLastNames: answer, acceptTerms = false, signal } = answers;
  if (answer === undefined) throw new SignInError("phoneUnregistered");
  const { termsOfService } = token;
  if (termsOfService !== undefined) {
    const isAccepted = await abortable(
      Promise.resolve(valueOf(acceptTerms, termsOfService)),
      signal,
    );
    if (isAccepted !== true) throw new SignInError("termsNotAccepted", { doing: "sign up" });
  }
  return await askUntilAccepted(context, answers, {
    answer,
    ask: async () => await valueOf(answer) ?? [""],
    use: ([firstName, lastName]) =>
      signUp(context, token, { firstName, lastName, acceptTerms: true }, answers),
    wrong: ["nameInvalid"],
  });
}
