/**
 * The checks of a client's arguments. Without them a wrong id or hash would fail only at the
 * sign-in.
 */
import type { LoginAnswers, StepOptions } from "../auth/mod.ts";
import { checkFields, checkRuntime, pastedValue } from "../runtime/mod.ts";
import { UPDATE_EVENTS } from "./updates/consumers.ts";

const ANSWERS: readonly (keyof LoginAnswers)[] = [
  "phoneNumber",
  "phoneCode",
  "password",
  "firstAndLastNames",
  "acceptTerms",
  "emailAddress",
  "emailCode",
  "qrCode",
  "botAuthToken",
  "onError",
  "maxAttempts",
  "forceSMS",
];

/** Whether the session is given by a name: the path of a file, or its URL. */
export function isName(session: unknown): session is string | URL {
  return typeof session === "string" && session !== "" || session instanceof URL;
}

/**
 * Checks that the runtime is new enough, and that a value can be a session.
 *
 * @throws {TypeError} if it cannot
 */
export function checkSession(session: unknown): void {
  checkRuntime();
  const { load, save, state } = (session ?? {}) as Record<string, unknown>;
  const isSession = typeof load === "function" && typeof save === "function" &&
    typeof state === "object" && state !== null;
  if (isSession || isName(session)) return;
  const what = session === "" ? "a file without a name" : `a value of type ${typeof session}`;
  throw new TypeError(
    `Cannot keep the session in ${what}. Pass the path of a file, or a session such as ` +
      `new StringSession("").`,
  );
}

const HASH = /^[0-9a-f]{32}$/;

/**
 * Returns an application as Telegram takes it, from values as people paste them: an id as text, a
 * hash in quotes or in capital letters. Throws a `TypeError` for what cannot be one.
 */
export function applicationOf(id: unknown, hash: unknown): { apiId: number; apiHash: string } {
  const isText = typeof id === "string";
  const text = isText || typeof id === "bigint" ? pastedValue(String(id)) : "";
  const apiId = /^\d+$/.test(text) ? Number(text) : id;
  if (typeof apiId !== "number" || !Number.isSafeInteger(apiId) || apiId <= 0) {
    const given = typeof apiId === "number"
      ? ` "${apiId}"`
      : `: it is ${isText ? "no number" : `of type ${typeof id}`}`;
    const why = isText && HASH.test(text.toLowerCase()) ? ": it looks like the api hash" : given;
    throw new TypeError(
      `Cannot use the api id${why}. Pass the whole number from https://my.telegram.org.`,
    );
  }
  const apiHash = typeof hash === "string" ? pastedValue(hash).toLowerCase() : "";
  if (!HASH.test(apiHash)) {
    throw new TypeError(
      "Cannot use the api hash. Pass the 32 hexadecimal digits from https://my.telegram.org " +
        "(it is not the bot token).",
    );
  }
  return { apiId, apiHash };
}

/** Throws a `TypeError` for an event that there is not, or a handler that cannot be called. */
export function checkHandler(event: unknown, handler: unknown, options: object = {}): void {
  const events: readonly unknown[] = [...UPDATE_EVENTS, "status"];
  if (!events.includes(event)) {
    const shown = typeof event === "string" && /^\w{1,24}$/.test(event)
      ? ` to "${event}": there is no such event`
      : `: the event is of type ${typeof event}`;
    throw new TypeError(`Cannot listen${shown}, expected one of "${events.join('", "')}"`);
  }
  if (typeof handler !== "function") {
    throw new TypeError(
      `Cannot listen to "${event}": the listener is of type ${typeof handler}. Pass a function.`,
    );
  }
  checkFields(`listen to "${event}"`, options, event === "status" ? [] : ["wait"]);
  const { wait } = options as { wait?: unknown };
  if (wait !== undefined && typeof wait !== "boolean") {
    throw new TypeError(
      `Cannot listen to "${event}": wait is of type ${typeof wait}, expected true or false`,
    );
  }
}

/** Returns the options of a step. Throws a `TypeError` for one that is not known. */
export function checkedOptions<T extends StepOptions>(
  what: string,
  options: T | undefined,
  others: readonly string[] = [],
): T | undefined {
  if (options !== undefined) checkFields(what, options, ["signal", ...others]);
  return options;
}

/** Returns the answers of a sign-in. Throws a `TypeError` for one that is not known. */
export function checkedAnswers(answers: LoginAnswers): LoginAnswers | undefined {
  return checkedOptions("sign in", answers, ANSWERS);
}
