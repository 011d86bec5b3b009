/**
 * Questions and answers: how `start` asks for what the steps need. An answer is a value, or a function that is called
 * when it is needed; a wrong value cannot be helped, a function is asked again, a few times.
 */
import { abortable } from "../../runtime/mod.ts";
import { LoginCancelledError, SignInError, type SignInErrorReason } from "../errors.ts";
import type { Api } from "../../tl/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import type { SentEmailCode } from "../code/login_email.ts";
import type { QrCode } from "../qr/show_qr_codes.ts";
import type { LoginToken } from "../tokens/tokens.ts";

/** An answer: a value, or a function, sync or async, that is called with what is known about the question. */
export type Answer<Told extends unknown[] = [], Value = string> =
  | Value
  | ((...told: Told) => Value | Promise<Value>);

/**
 * What {@linkcode Client.start} asks for. Give `botAuthToken` for a bot, `phoneNumber` and `phoneCode` for a person, or `qrCode`
 * for one who scans a code, and `password` if the account has one. An unneeded answer is never asked for.
 */
export interface LoginAnswers extends StepOptions {
  /** The phone number in international form. */
  phoneNumber?: Answer;
  /** The code that Telegram sent; `isCodeViaApp` tells whether it is in the Telegram app. The token tells more. */
  phoneCode?: Answer<[isCodeViaApp: boolean, token: LoginToken]>;
  /** The 2FA password; `hint` is what the person left as a reminder. */
  password?: Answer<[hint: string | undefined]>;
  /** The first name, and the last name if there is one, to sign up a phone number that has no account. */
  firstAndLastNames?: Answer<[], readonly [firstName: string, lastName?: string]>;
  /** Whether the person, who has been shown these terms of service, accepts them. Nobody is signed up without. */
  acceptTerms?: Answer<[terms: Api.help.termsOfService], boolean>;
  /** The address that is to be the login email, if Telegram demands one. */
  emailAddress?: Answer;
  /** The code that Telegram sent to that address. */
  emailCode?: Answer<[sent: SentEmailCode]>;
  /**
   * Shows a QR code: given instead of a phone number, it has the person scan the code with a device that is signed in. Called
   * again with each new code.
   */
  qrCode?: (code: QrCode) => unknown;
  /** The token that @BotFather gave. */
  botAuthToken?: Answer;
  /**
   * Told of each wrong answer of a function. A truthy result stops the sign-in with `LoginCancelledError`, anything else
   * lets it ask again.
   */
  onError?: (error: Error) => unknown;
  /** How many times a function is asked before its wrong answer is thrown; 3 unless told otherwise. */
  maxAttempts?: number;
  /** Has no effect: Telegram decides which way a code goes. Accepted for programs that were written for GramJS. */
  forceSMS?: boolean;
}

/** The value of an answer: asked for, if it is a function. */
export function valueOf<Told extends unknown[], Value extends Answerable>(
  answer: Answer<Told, Value>,
  ...told: Told
): Value | Promise<Value> {
  return typeof answer === "function" ? answer(...told) : answer;
}

/** The value of an answer that is a text; nothing at all is an empty one. */
export async function textOf<Told extends unknown[]>(
  answer: Answer<Told>,
  ...told: Told
): Promise<string> {
  return String(await valueOf(answer, ...told) ?? "");
}

/** What an answer can be. */
type Answerable = string | boolean | readonly unknown[];

/** One question, and what is done with the answer to it. */
export interface Question<Outcome, Value extends Answerable = string> {
  /** The answer that was given: whether it is a value or a function decides whether it is asked for again. */
  readonly answer: Answer<never, Value>;
  /** Asks for the answer. */
  ask(): Value | Promise<Value>;
  /** Uses an answer; throws a `SignInError` of one of the reasons below if it is wrong. */
  use(answer: Value): Promise<Outcome>;
  /** The reasons for which another answer may help. */
  readonly wrong: readonly SignInErrorReason[];
}

/** Wrong once, wrong for ever: these answers are not sent a second time. An expired code can be right when sent anew. */
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
/** Milliseconds between a wrong answer and the next one that is sent, doubled each time up to the longest. */
const BACK_OFF = 1000;
const LONGEST_BACK_OFF = 30_000;

/**
 * Asks until an answer is right, and gives what using it gave. The next answer is asked for at once after a wrong one, but not
 * sent too soon: a person who types does not notice, a function that guesses is slowed down.
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
