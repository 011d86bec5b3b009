/**
 * Signing in by asking the person at a terminal: `start`, with answers that are typed. Which terminal, and how a
 * password is kept from being seen, is not known here.
 */
import { abortable, anySignal } from "../../runtime/mod.ts";
import { currentUser } from "../current_user.ts";
import type { LoginAnswers } from "./login_answers.ts";
import type { SignInContext, StepOptions } from "../context.ts";
import { looksLikeBotToken, looksLikePhone } from "../input/phone.ts";
import type { QrCode } from "../qr/show_qr_codes.ts";
import { signInWith } from "./start.ts";
import type { LoginToken } from "../tokens/tokens.ts";
import type { User } from "../user.ts";

/** Someone who can be asked: a terminal, or a test. */
export interface Asker {
  /** Says a line. */
  say(text: string): void;
  /** Asks for a line, which may be seen while it is typed. */
  askLine(question: string, signal?: AbortSignal): Promise<string>;
  /** Asks for a line, which must not be seen. */
  askHidden(question: string, signal?: AbortSignal): Promise<string>;
}

/** How to sign in at a terminal. */
export interface InteractiveOptions extends StepOptions {
  /** The 2FA password, if it is not to be asked for. If it is wrong, that is thrown. */
  password?: string;
  /**
   * Draws a QR code, which the person scans with a device that is signed in, instead of asking for a phone number and a code. A
   * new one is drawn before the last one expires.
   */
  qr?: boolean;
  /** Shows the QR code in another way than by drawing it. Called again with each new code. */
  qrCode?: (code: QrCode) => unknown;
  /** How many times each question is asked before a wrong answer is thrown; 5 unless told otherwise. */
  maxAttempts?: number;
}

const DEFAULT_MAX_ATTEMPTS = 5;

/** Where the person finds the code. */
function whereIsTheCode({ delivery, codeLength }: LoginToken): string {
  const code = codeLength === undefined ? "a code" : `a code of ${codeLength} characters`;
  switch (delivery.by) {
    case "app":
      return `Telegram sent ${code} to your Telegram app: look there, on a device that is signed in.`;
    case "sms":
      return `Telegram sent ${code} by SMS.`;
    case "firebase":
      return `Telegram sends ${code} by SMS to its own apps only: sign in there first, or by QR code.`;
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
      return `Telegram calls you from ${delivery.prefix}…, and hangs up: the last ${delivery.length} digits of the number that called are the code.`;
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
      "That does not look right: a phone number is like +15551234567, a bot token like 123456:ABC-DEF.",
    );
  }
}

/** Gives `value` the first time, and asks after that. */
function firstThen(value: string, ask: () => Promise<string>): () => Promise<string> {
  let isFirst = true;
  return () => {
    if (!isFirst) return ask();
    isFirst = false;
    return Promise.resolve(value);
  };
}

/** Who signs in: as given, or as typed, which can be asked for again. */
async function askWho(
  given: string | undefined,
  asking: { ask: Asker; signal?: AbortSignal },
): Promise<LoginAnswers> {
  if (given !== undefined) {
    if (looksLikeBotToken(given)) return { botAuthToken: given };
    return { phoneNumber: given };
  }
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

/** Shows codes by drawing them; how to is loaded only for those who want it. */
async function drawnBy(ask: Asker): Promise<(code: QrCode) => void> {
  const { drawQrCode } = await import("../qr/drawing.ts");
  return ({ url }) => ask.say(drawQrCode(url).join("\n"));
}

/**
 * Signs in by asking at a terminal for what is needed: phone number or bot token (unless given), code, password (unless
 * given). Gives the user at once if somebody is signed in already. A wrong answer that was typed is asked for again, one
 * that was given is thrown.
 *
 * @throws {SignInError} when an answer is wrong, and is not asked for again.
 */
export async function interactiveLogin(
  context: SignInContext,
  phoneOrToken: string | undefined,
  options: InteractiveOptions & { ask: Asker },
): Promise<User> {
  const { ask, password, maxAttempts = DEFAULT_MAX_ATTEMPTS } = options;
  const qrCode = options.qrCode ?? (options.qr ? await drawnBy(ask) : undefined);
  const signal = anySignal(options.signal, context.lifetime);
  const me = await currentUser(context, options);
  if (me !== undefined) return me;
  const user = await signInWith(context, {
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
  advise(user, ask);
  return user;
}

/** Passes on what Telegram advises whoever has signed in: to set a 2FA password. */
function advise({ authorization }: User, ask: Asker): void {
  if (!authorization?.setupPasswordRequired) return;
  const { otherwiseReloginDays: days } = authorization;
  const otherwise = days === undefined
    ? ""
    : ` Without one, you can sign in by SMS again only after ${
      days === 1 ? "a day" : `${days} days`
    }.`;
  ask.say(
    `Telegram wants you to set a 2FA password (Settings, Privacy and Security, Two-Step Verification).${otherwise}`,
  );
}
