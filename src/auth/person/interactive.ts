/**
 * Signing in by asking the person at a terminal: `start`, with answers that are typed. The terminal
 * itself is in terminal.ts.
 */
import { abortable, withAnySignal } from "../../runtime/mod.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { currentUser } from "../current_user.ts";
import { looksLikeBotToken } from "../input/bot_token.ts";
import { looksLikePhone } from "../input/phone.ts";
import type { LoginAnswers } from "../login_answers.ts";
import { drawQrCode } from "../qr/drawing.ts";
import type { QrCode } from "../qr/qr_code.ts";
import { demandSameAccount, signInWith } from "../start.ts";
import { afterOther } from "../under_way.ts";
import type { LoginToken } from "../tokens/login_token.ts";
import type { User } from "../user.ts";
import type { Asker } from "./asker.ts";
import { systemTerminal } from "./terminal.ts";

/** How to sign in at a terminal. */
export interface InteractiveOptions extends StepOptions {
  /** The 2FA password. If it is wrong, the sign-in fails. By default it is asked for. */
  password?: string;
  /**
   * Draws a QR code, which the person scans with a device that is signed in, instead of asking for
   * a phone number and a code. A new one is drawn before the last one expires.
   */
  qr?: boolean;
  /** Shows the QR code in another way than by drawing it. Called again with each new code. */
  qrCode?: (code: QrCode) => unknown;
  /** How many times each question is asked before a wrong answer is thrown; 5 by default. */
  maxAttempts?: number;
}

const DEFAULT_MAX_ATTEMPTS = 5;

/** Returns the sentence that tells the person where the code is. */
function whereIsTheCode({ delivery, codeLength }: LoginToken): string {
  const code = codeLength === undefined ? "a code" : `a code of ${codeLength} digits`;
  switch (delivery.by) {
    case "app":
      return `Telegram sent ${code} to your Telegram app, on a device that is signed in.`;
    case "sms":
      return `Telegram sent ${code} by SMS.`;
    case "firebase":
      return `Telegram sends ${code} to its own apps only: sign in there first, or by QR code.`;
    case "smsWord":
    case "smsPhrase": {
      const what = delivery.by === "smsWord" ? "word" : "phrase";
      const beginning = delivery.beginning === undefined
        ? ""
        : ` (it begins with "${delivery.beginning}")`;
      return `Telegram sent a ${what} by SMS, which is the code${beginning}.`;
    }
    case "call":
      return `Telegram calls you, and says ${code}.`;
    case "flashCall":
      return "Telegram calls you, and hangs up: the number that called is the code.";
    case "missedCall":
      return `Telegram calls you from ${delivery.prefix}…, and hangs up: the last ` +
        `${delivery.length} digits of the number that called are the code.`;
    case "email":
      return `Telegram sent ${code} to your login email, ${delivery.emailPattern}.`;
    case "fragment":
      return `Telegram sent ${code} to ${delivery.url}.`;
    case "emailSetUpRequired":
      return "Telegram wants a login email to be set up.";
    case "paymentRequired":
      return "Telegram wants to be paid for a code to this number.";
    case "notNeeded":
      return "No code is needed.";
  }
}

/** Asks until the input could be right. */
async function askUntil(
  { ask, signal }: { ask: Asker; signal?: AbortSignal },
  question: string,
  isPlausible: (text: string) => boolean,
): Promise<string> {
  for (;;) {
    const text = (await abortable(ask.askLine(question, signal), signal)).trim();
    if (isPlausible(text)) return text;
    ask.say(
      "That does not look right: a phone number is like +15551234567, a bot token like " +
        "123456:ABC-DEF.",
    );
  }
}

/** Returns a function that returns `value` the first time, and asks after that. */
function firstThen(value: string, ask: () => Promise<string>): () => Promise<string> {
  let isFirst = true;
  return () => {
    if (!isFirst) return ask();
    isFirst = false;
    return Promise.resolve(value);
  };
}

function givenAnswers(phoneOrToken: string): LoginAnswers {
  return looksLikeBotToken(phoneOrToken)
    ? { botAuthToken: phoneOrToken }
    : { phoneNumber: phoneOrToken };
}

/** Returns the answer that names the bot or person: as given, or as typed. */
async function askWho(
  given: string | undefined,
  asking: { ask: Asker; signal?: AbortSignal },
): Promise<LoginAnswers> {
  if (given !== undefined) return givenAnswers(given);
  const typed = await askUntil(
    asking,
    "Phone number (international) or bot token: ",
    (text) => looksLikePhone(text) || looksLikeBotToken(text),
  );
  if (looksLikeBotToken(typed)) {
    return {
      botAuthToken: firstThen(typed, () => askUntil(asking, "Bot token: ", looksLikeBotToken)),
    };
  }
  return {
    phoneNumber: firstThen(typed, () => askUntil(asking, "Phone number: ", looksLikePhone)),
  };
}

/**
 * Signs in by asking at a terminal for the missing answers: phone number or bot token (unless
 * given), code, password (unless given). Returns the user at once if one is signed in already. A
 * wrong answer that was typed is asked for again, one that was given is thrown. Connects first.
 */
export async function interactiveLogin(
  context: SignInContext,
  phoneOrToken: string | undefined,
  options: InteractiveOptions & { ask?: Asker } = {},
): Promise<User> {
  await context.connect(options);
  return await afterOther(
    context.session,
    options.signal,
    () => loginAlone(context, phoneOrToken, options),
  );
}

async function loginAlone(
  context: SignInContext,
  phoneOrToken: string | undefined,
  options: InteractiveOptions & { ask?: Asker },
): Promise<User> {
  const ask = options.ask ?? systemTerminal();
  const me = await currentUser(context, options, ({ message }) => ask.say(message));
  if (me !== undefined) {
    if (phoneOrToken !== undefined) demandSameAccount(givenAnswers(phoneOrToken), me);
    return me;
  }
  const user = await withAnySignal(
    context.lifetime,
    options.signal,
    (signal) => askAndSignIn(context, phoneOrToken, { ...options, ask, signal }),
  );
  advise(user, ask);
  return user;
}

async function askAndSignIn(
  context: SignInContext,
  phoneOrToken: string | undefined,
  options: InteractiveOptions & { readonly ask: Asker },
): Promise<User> {
  const { password, maxAttempts = DEFAULT_MAX_ATTEMPTS, ask, signal } = options;
  const draw = ({ url }: QrCode): void => ask.say(drawQrCode(url, ask.size?.()).join("\n"));
  const qrCode = options.qrCode ?? (options.qr ? draw : undefined);
  return await signInWith(context, {
    ...(qrCode ? { qrCode } : await askWho(phoneOrToken, { ask, signal })),
    phoneCode(_, token) {
      ask.say(whereIsTheCode(token));
      return ask.askLine("Code: ", signal);
    },
    emailAddress() {
      ask.say("Telegram wants a login email to be set up, and sends login codes there.");
      return ask.askLine("Email address: ", signal);
    },
    emailCode({ emailPattern }) {
      ask.say(`Telegram sent a code to ${emailPattern}.`);
      return ask.askLine("Code: ", signal);
    },
    async firstAndLastNames() {
      const firstName = await ask.askLine("First name: ", signal);
      return [firstName, await ask.askLine("Last name (may be empty): ", signal)];
    },
    async acceptTerms({ text }) {
      ask.say(`No account has this phone number: you can sign up.\n${text}`);
      return /^y(es)?$/i.test((await ask.askLine("Do you accept these terms? ", signal)).trim());
    },
    password: password ?? ((hint) => {
      return ask.askHidden(hint ? `2FA password (hint: ${hint}): ` : "2FA password: ", signal);
    }),
    onError: (error) => {
      ask.say(error.message);
    },
    maxAttempts,
    signal,
  });
}

/** Shows the advice to set a 2FA password, if Telegram gives it. */
function advise({ authorization }: User, ask: Asker): void {
  if (!authorization?.setupPasswordRequired) return;
  const { otherwiseReloginDays: days } = authorization;
  const otherwise = days === undefined
    ? ""
    : ` Without one, you can sign in by SMS again only after ${
      days === 1 ? "a day" : `${days} days`
    }.`;
  ask.say(
    "Telegram wants you to set a 2FA password (Settings, Privacy and Security, Two-Step " +
      `Verification).${otherwise}`,
  );
}
