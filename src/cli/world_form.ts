/**
 * The form of the file that `serve --world` reads, as a table; docs/command-line.md shows the same
 * table, and a test compares them. Reads a value by the form, and refuses every field that is not
 * in it, with its place in the file.
 */

/** The form of a value. */
export type Form =
  /** A text; with `pattern`, one that it matches, which `what` describes. */
  | { readonly is: "text"; readonly pattern?: RegExp; readonly what?: string }
  /** A whole number in a range, or any number in one. */
  | { readonly is: "whole" | "number"; readonly min: number; readonly max: number }
  | { readonly is: "flag" }
  /** One of some texts. */
  | { readonly is: "choice"; readonly of: readonly string[] }
  | { readonly is: "list"; readonly of: Form; readonly empty?: boolean }
  | { readonly is: "object"; readonly fields: Fields }
  /** An object whose field `kind` decides which other fields it has. */
  | { readonly is: "kinds"; readonly of: Readonly<Record<string, Fields>> };

/** The fields of an object. */
export type Fields = Readonly<Record<string, Field>>;

/** A field: its form, and whether it must be there. */
export interface Field {
  readonly form: Form;
  readonly needed?: boolean;
}

const MAX = 2 ** 31 - 1;
const MAX_ID = 2 ** 51;

const text: Form = { is: "text" };
const flag: Form = { is: "flag" };
const whole = (min: number, max = MAX): Form => ({ is: "whole", min, max });
const share: Form = { is: "number", min: 0, max: 1 };
const listOf = (of: Form): Form => ({ is: "list", of });
const object = (fields: Fields): Form => ({ is: "object", fields });
const must = (form: Form): Field => ({ form, needed: true });
const may = (form: Form): Field => ({ form });

const phone: Form = {
  is: "text",
  pattern: /^\+?\d[\d ()-]{3,24}$/,
  what: "a phone number like +9996633333",
};
const who: Form = {
  is: "text",
  pattern: /^\+?\d[\d ()-]{3,24}$|^@[A-Za-z]\w{3,31}$/,
  what: "the phone number of a person, or the @username of a bot or a person",
};
const username: Form = {
  is: "text",
  pattern: /^[A-Za-z]\w{3,31}$/,
  what: "a username of 4 to 32 characters, without the @",
};
const dcId = whole(1, 9999);
const nth = may(whole(1));

/** The ways of a code, as `AccountOptions.codeWays` has them. */
const CODE_WAYS = [
  "app",
  "sms",
  "call",
  "flashCall",
  "missedCall",
  "fragment",
  "firebase",
  "smsWord",
  "smsPhrase",
  "email",
  "emailSetUpRequired",
];

const ACCOUNT: Fields = {
  phone: must(phone),
  code: may(text),
  password: may(text),
  hint: may(text),
  id: may(whole(1, MAX_ID)),
  dcId: may(dcId),
  firstName: may(text),
  lastName: may(text),
  username: may(username),
  codeWays: may({ is: "list", of: { is: "choice", of: CODE_WAYS }, empty: false }),
  loginEmail: may(text),
  needsLoginEmail: may(flag),
  recoveryEmail: may(text),
  banned: may(flag),
  otherwiseReloginDays: may(whole(1)),
  tmpSessions: may(whole(1)),
};

const BOT: Fields = {
  token: must({
    is: "text",
    pattern: /^[1-9]\d{0,14}:[\w-]+$/,
    what: "a bot token like 777:TESTTOKEN",
  }),
  dcId: may(dcId),
  firstName: may(text),
  username: may(username),
  privacy: may(flag),
  inline: may(flag),
};

const TROUBLES: Readonly<Record<string, Fields>> = {
  transportError: { code: must({ is: "whole", min: -MAX, max: -1 }) },
  hangUp: {},
  hangUpBeforeAnswer: {},
  answerLate: { ms: must(whole(1)) },
  answerTwice: {},
  splitAnswers: {},
  mergeAnswers: { ms: must(whole(1)) },
  answerWhenAsked: {},
  refuseMessage: { errorCode: must(whole(16, 64)) },
  dropUpdate: { nth },
  delayUpdate: { ms: must(whole(1)), nth },
  reorderUpdate: { nth },
  duplicateUpdate: { nth },
  loseSession: { nth },
  badUpdates: {
    seed: must(whole(0)),
    drop: may(share),
    delay: may(share),
    reorder: may(share),
    duplicate: may(share),
    loseSession: may(share),
    ms: may(whole(1)),
  },
};

const troubles = Object.fromEntries(
  Object.entries(TROUBLES).map(([kind, fields]) => [kind, { dc: may(dcId), ...fields }]),
);

/** The form of the whole file. */
export const WORLD: Form = object({
  dcs: may({ is: "list", of: dcId, empty: false }),
  apiId: may(whole(1)),
  apiHash: may({ is: "text", pattern: /^[0-9a-f]{32}$/, what: "32 hexadecimal digits" }),
  codeLifetime: may(whole(1)),
  resetPeriod: may(whole(1)),
  testMode: may(flag),
  gzip: may(flag),
  limits: may(object({
    slice: may(whole(1)),
    tooLongAfter: may(whole(1)),
    channelTimeout: may(whole(1)),
  })),
  accounts: may(listOf(object(ACCOUNT))),
  bots: may(listOf(object(BOT))),
  groups: may(listOf(object({
    kind: must({ is: "choice", of: ["group", "supergroup", "channel"] }),
    title: must(text),
    owner: must(phone),
    members: may(listOf(who)),
    admins: may(listOf(who)),
    username: may(username),
    about: may(text),
    messages: may(listOf(object({ from: may(who), text: must(text) }))),
  }))),
  messages: may(listOf(object({ from: must(who), to: must(who), text: must(text) }))),
  failures: may(listOf(object({
    method: must({ is: "text", pattern: /^\w+\.\w+$/, what: "a method like auth.sendCode" }),
    code: must(whole(300, 599)),
    message: must({ is: "text", pattern: /^[A-Z0-9_]+$/, what: "a name like FLOOD_WAIT_30" }),
    times: may(whole(1)),
    after: may(whole(0)),
  }))),
  troubles: may(listOf({ is: "kinds", of: troubles })),
});

/** Thrown for a value that does not have its form; `place` says where it is. */
export class FormError extends Error {
  /** An error at a place in the file. */
  constructor(place: string, fault: string) {
    super(`${place === "" ? "the file" : place} ${fault}`);
  }
}

/**
 * Checks that a value has a form. No text of the value is quoted but the names of fields.
 *
 * @throws {FormError} if it does not
 */
export function checkForm(value: unknown, form: Form, place = ""): void {
  const refuse = (): never => {
    throw new FormError(place, `must be ${describeForm(form)}`);
  };
  switch (form.is) {
    case "text":
      if (typeof value !== "string" || form.pattern?.test(value) === false) refuse();
      return;
    case "flag":
      if (typeof value !== "boolean") refuse();
      return;
    case "whole":
    case "number": {
      const { min, max } = form;
      const isInRange = typeof value === "number" && value >= min && value <= max;
      if (!isInRange || (form.is === "whole" && !Number.isInteger(value))) refuse();
      return;
    }
    case "choice":
      if (!form.of.some((one) => one === value)) refuse();
      return;
    case "list":
      if (!Array.isArray(value) || (form.empty === false && value.length === 0)) return refuse();
      for (const [index, one] of value.entries()) checkForm(one, form.of, `${place}[${index}]`);
      return;
    case "object":
      return checkFields(objectAt(value, place), form.fields, place);
    case "kinds": {
      const found = objectAt(value, place);
      const kind = must({ is: "choice", of: Object.keys(form.of) });
      const fields = Object.entries(form.of).find(([name]) => name === found.kind)?.[1];
      if (fields === undefined) {
        const kindOnly = Object.hasOwn(found, "kind") ? { kind: found.kind } : {};
        checkFields(kindOnly, { kind }, place);
      }
      return checkFields(found, { kind, ...fields }, place);
    }
  }
}

function objectAt(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new FormError(place, "must be an object");
}

function checkFields(found: Record<string, unknown>, fields: Fields, place: string): void {
  for (const [name, value] of Object.entries(found)) {
    if (Object.hasOwn(fields, name)) {
      checkForm(value, fields[name].form, at(place, name));
      continue;
    }
    throw new FormError(
      at(place, name.slice(0, 40)),
      `is not known, expected one of ${Object.keys(fields).join(", ")}`,
    );
  }
  for (const [name, { needed, form }] of Object.entries(fields)) {
    if (!needed || Object.hasOwn(found, name)) continue;
    throw new FormError(at(place, name), `is missing, expected ${describeForm(form)}`);
  }
}

function at(place: string, name: string): string {
  return place === "" ? name : `${place}.${name}`;
}

/** Returns a form in words, as the table of the documentation has it. */
export function describeForm(form: Form): string {
  switch (form.is) {
    case "text":
      return form.what ?? "a text";
    case "flag":
      return "true or false";
    case "whole":
      return form.max < 0
        ? "a negative number"
        : form.max >= MAX
        ? `a whole number from ${form.min}`
        : `a whole number from ${form.min} to ${form.max}`;
    case "number":
      return `a number from ${form.min} to ${form.max}`;
    case "choice":
      return `one of ${form.of.join(", ")}`;
    case "list":
      return form.empty === false ? "a list that is not empty" : "a list";
    default:
      return "an object";
  }
}
