/**
 * Questions and answers: how `start` asks for the phone number, the code and the like. An answer is
 * a value, or a function that is called when a step needs it. A wrong value is thrown; a function
 * is asked again, a few times.
 */
import { abortable } from "../runtime/mod.ts";
import { LoginCancelledError, SignInError, type SignInErrorReason } from "./errors.ts";
import type { Api } from "../tl/mod.ts";
import type { SignInContext, StepOptions } from "./context.ts";
import type { SentEmailCode } from "./code/login_email.ts";
import type { QrCode } from "./qr/qr_code.ts";
import type { LoginToken } from "./tokens/login_token.ts";

/**
 * An answer: a value, or a function, sync or async, that returns it. The function is passed details
 * of the question.
 */
export type Answer<Told extends unknown[] = [], Value = string> =
  | Value
  | ((...told: Told) => Value | Promise<Value>);

/**
 * The answers for {@linkcode Client.start}. Pass `botAuthToken` for a bot; `phoneNumber` and
 * `phoneCode` for a person, or `qrCode` for a person who scans a code; and `password` if the
 * account has one. An answer is asked for only when it is needed.
 */
export interface LoginAnswers extends StepOptions {
  /** The phone number in international form. */
  phoneNumber?: Answer;
  /**
   * The code that Telegram sent; `isCodeViaApp` tells whether it is in the Telegram app. The token
   * tells more.
   */
  phoneCode?: Answer<[isCodeViaApp: boolean, token: LoginToken]>;
  /** The 2FA password; `hint` is the reminder that the person chose. */
  password?: Answer<[hint: string | undefined]>;
  /**
   * The first name, and the last name if there is one, to sign up a phone number that has no
   * account.
   */
  firstAndLastNames?: Answer<[], readonly [firstName: string, lastName?: string]>;
  /**
   * Whether the person, who was shown these terms of service, accepts them. Signing up needs it.
   */
  acceptTerms?: Answer<[terms: Api.help.termsOfService], boolean>;
  /** The address that is to be the login email, if Telegram demands one. */
  emailAddress?: Answer;
  /** The code that Telegram sent to that address. */
  emailCode?: Answer<[sent: SentEmailCode]>;
  /**
   * Shows a QR code, which the person scans with a device that is signed in: pass it instead of a
   * phone number. It is called again with each new code.
   */
  qrCode?: (code: QrCode) => unknown;
  /** The token from @BotFather. */
  botAuthToken?: Answer;
  /**
   * Called with each wrong answer of a function. A truthy result stops the sign-in with
   * `LoginCancelledError`; otherwise the function is asked again.
   */
  onError?: (error: Error) => unknown;
  /** How many times a function is asked before its wrong answer is thrown; 3 by default. */
  maxAttempts?: number;
  /**
   * Has no effect: Telegram decides which way a code goes. Accepted for programs that were written
   * for GramJS.
   */
  forceSMS?: boolean;
}

/** Returns the value of an answer; calls it if it is a function. */
export function valueOf<Told extends unknown[], Value extends Answerable>(
  answer: Answer<Told, Value>,
  ...told: Told
): Value | Promise<Value> {
  return typeof answer === "function" ? answer(...told) : answer;
}

/** Returns the value of an answer that is a text; `""` for undefined and null. */
export async function textOf<Told extends unknown[]>(
  answer: Answer<Told>,
  ...told: Told
): Promise<string> {
  return String(await valueOf(answer, ...told) ?? "");
}

/** The types that an answer can have. */
type Answerable = string | boolean | readonly unknown[];

/** One question, and the step that takes the answer. */
export interface Question<Outcome, Value extends Answerable = string> {
  /** The answer of the program. A function is asked again, a value is not. */
  readonly answer: Answer<never, Value>;
  /** Asks for the answer. */
  ask(): Value | Promise<Value>;
  /** Takes the step; throws a `SignInError` of one of the reasons below if the answer is wrong. */
  use(answer: Value): Promise<Outcome>;
  /** The reasons after which another answer may help. */
  readonly wrong: readonly SignInErrorReason[];
}

/**
 * Answers that failed for these reasons are not sent a second time. An expired code may be right
 * when it is sent anew.
 */
const FINAL: readonly SignInErrorReason[] = [
  "botTokenInvalid",
  "codeInvalid",
  "emailInvalid",
  "emailNotAllowed",
  "nameInvalid",
  "passwordInvalid",
  "phoneBanned",
  "phoneInvalid",
  "phoneUnregistered",
];

const DEFAULT_MAX_ATTEMPTS = 3;
/**
 * Milliseconds between a wrong answer and the next one that is sent; doubled each time, up to the
 * longest.
 */
const BACK_OFF = 1000;
const LONGEST_BACK_OFF = 30_000;

/**
 * Asks until an answer is accepted, and returns the outcome of its step. After a wrong answer the
 * next one is asked for at once, but sent after a pause: a person who types does not notice it, a
 * function that guesses is slowed down.
 */
export async function askUntilAccepted<Outcome, Value extends Answerable = string>(
  { clock }: SignInContext,
  answers: LoginAnswers,
  { answer, ask, use, wrong }: Question<Outcome, Value>,
): Promise<Outcome> {
  const { onError, signal, maxAttempts = DEFAULT_MAX_ATTEMPTS } = answers;
  const refused = new Map<string, SignInError>();
  let notBefore = clock.monotonic();
  for (let attempt = 1;; attempt++) {
    signal?.throwIfAborted();
    const given = await abortable(Promise.resolve(ask()), signal);
    const text = JSON.stringify(given);
    try {
      const before = refused.get(text);
      if (before !== undefined) throw before;
      const tooSoon = notBefore - clock.monotonic();
      if (tooSoon > 0) await clock.sleep(tooSoon, signal);
      return await use(given);
    } catch (error) {
      if (!(error instanceof SignInError) || !wrong.includes(error.reason)) throw error;
      if (typeof answer !== "function") throw error;
      if (FINAL.includes(error.reason)) refused.set(text, error);
      notBefore = clock.monotonic() + Math.min(BACK_OFF * 2 ** (attempt - 1), LONGEST_BACK_OFF);
      if (await abortable(Promise.resolve(onError?.(error)), signal)) {
        throw new LoginCancelledError({ cause: error });
      }
      if (attempt >= maxAttempts) throw error;
    }
  }
}
