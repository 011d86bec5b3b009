/**
 * Questions and answers: how `start` asks for what the steps need. An answer is a value, or a function that is called
 * when it is needed; a wrong value cannot be helped, a function is asked again, a few times.
 */
import { abortable } from "../connection/mod.ts";
import { LoginCancelledError, SignInError, type SignInErrorReason } from "./errors.ts";
import type { StepOptions } from "./context.ts";
import type { LoginToken } from "./tokens.ts";

/** An answer: a value, or a function, sync or async, that is called with what is known about the question. */
export type Answer<Told extends unknown[] = []> =
  | string
  | ((...told: Told) => string | Promise<string>);

/**
 * What {@linkcode Client.start} asks for. Give `botAuthToken` for a bot, `phoneNumber` and `phoneCode` for a person, and
 * `password` if the account has one. An unneeded answer is never asked for.
 */
export interface LoginAnswers extends StepOptions {
  /** The phone number in international form. */
  phoneNumber?: Answer;
  /** The code that Telegram sent; `isCodeViaApp` tells whether it is in the Telegram app. The token tells more. */
  phoneCode?: Answer<[isCodeViaApp: boolean, token: LoginToken]>;
  /** The 2FA password; `hint` is what the person left as a reminder. */
  password?: Answer<[hint: string | undefined]>;
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
export function valueOf<Told extends unknown[]>(
  answer: Answer<Told>,
  ...told: Told
): string | Promise<string> {
  return typeof answer === "function" ? answer(...told) : answer;
}

/** One question, and what is done with the answer to it. */
export interface Question<Outcome> {
  /** The answer that was given: whether it is a value or a function decides whether it is asked for again. */
  readonly answer: Answer<never>;
  /** Asks for the answer. */
  ask(): string | Promise<string>;
  /** Uses an answer; throws a `SignInError` of one of the reasons below if it is wrong. */
  use(answer: string): Promise<Outcome>;
  /** The reasons for which another answer may help. */
  readonly wrong: readonly SignInErrorReason[];
}

/** Wrong once, wrong for ever: these answers are not sent a second time. An expired code can be right when sent anew. */
const FINAL: readonly SignInErrorReason[] = [
  "botTokenInvalid",
  "codeInvalid",
  "passwordInvalid",
  "phoneBanned",
  "phoneInvalid",
  "phoneUnregistered",
];

const DEFAULT_MAX_ATTEMPTS = 3;

/** Asks until an answer is right, and gives what using it gave. */
export async function settle<Outcome>(
  answers: LoginAnswers,
  { answer, ask, use, wrong }: Question<Outcome>,
): Promise<Outcome> {
  const { onError, signal, maxAttempts = DEFAULT_MAX_ATTEMPTS } = answers;
  const refused = new Map<string, SignInError>();
  for (let attempt = 1;; attempt++) {
    signal?.throwIfAborted();
    const given = String(await abortable(Promise.resolve(ask()), signal) ?? "");
    try {
      const before = refused.get(given);
      if (before !== undefined) throw before;
      return await use(given);
    } catch (error) {
      if (!(error instanceof SignInError) || !wrong.includes(error.reason)) throw error;
      if (typeof answer !== "function") throw error;
      if (FINAL.includes(error.reason)) refused.set(given, error);
      if (await abortable(Promise.resolve(onError?.(error)), signal)) {
        throw new LoginCancelledError({ cause: error });
      }
      if (attempt >= maxAttempts) throw error;
    }
  }
}
