/**
 * The checks of a client's arguments. Without them a wrong id or hash would fail only at the
 * sign-in.
 */
import type { LoginAnswers, StepOptions } from "../auth/mod.ts";
import { checkFields, checkRuntime } from "../runtime/mod.ts";
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

/** Throws a `TypeError` for a wrong argument, and the error of {@linkcode checkRuntime}. */
export function checkArguments(session: unknown, apiId: number, apiHash: string): void {
  checkRuntime();
  const { load, save, state } = (session ?? {}) as Record<string, unknown>;
  const isSession = typeof load === "function" && typeof save === "function" &&
    typeof state === "object";
  if (!isSession && !isName(session)) {
    const what = session === "" ? "a file without a name" : `a value of type ${typeof session}`;
    throw new TypeError(
      `Cannot keep the session in ${what}. Pass the path of a file, or a session such as ` +
        `new StringSession("").`,
    );
  }
  if (typeof apiId !== "number") {
    throw new TypeError(
      `Cannot use the api id: it is of type ${typeof apiId}. Pass the number from ` +
        "https://my.telegram.org; Number(text) makes one of a text.",
    );
  }
  if (!Number.isSafeInteger(apiId) || apiId <= 0) {
    throw new TypeError(
      `Cannot use the api id "${apiId}". Pass the whole number from https://my.telegram.org.`,
    );
  }
  if (typeof apiHash !== "string" || !/^[0-9a-f]{32}$/i.test(apiHash)) {
    throw new TypeError(
      "Cannot use the api hash. Pass the 32 hexadecimal digits from https://my.telegram.org " +
        "(it is not the bot token).",
    );
  }
}

/** Throws a `TypeError` for an event that there is not, or a handler that cannot be called. */
export function checkHandler(event: unknown, handler: unknown, options: object = {}): void {
  const events: readonly unknown[] = [...UPDATE_EVENTS, "status"];
  if (!events.includes(event)) {
    throw new TypeError(
      `Cannot listen to "${event}": there is no such event, expected one of "${
        events.join('", "')
      }"`,
    );
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
