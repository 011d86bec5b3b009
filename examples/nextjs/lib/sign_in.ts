/**
 * A sign-in in two requests, for servers that keep nothing between them: the first asks Telegram
 * for the code, a later one sends it. A store keeps the session and the token in between, and the
 * session of a person who is signed in. A browser gets random names of them, and no session.
 *
 * An unfinished sign-in is forgotten after 15 minutes. A phone number and an address get a few
 * codes an hour, and a sign-in a few attempts: anybody could make Telegram send codes otherwise.
 */
import { Client, type ClientOptions, SignInError, StringSession } from "@tessera/mtproto";

/** A store for what is kept between requests: Redis, a database, KV. All values are secret. */
export interface Store {
  get(id: string): Promise<string | undefined>;
  /** Keeps a value for some seconds. A store that cannot forget by itself must be cleaned. */
  set(id: string, value: string, seconds: number): Promise<void>;
  delete(id: string): Promise<void>;
}

/** The application, and where sign-ins are kept. */
export interface Settings {
  readonly apiId: number;
  readonly apiHash: string;
  readonly store: Store;
  readonly clientOptions?: ClientOptions;
  /** Milliseconds since 1970. Set it in tests only. */
  readonly now?: () => number;
}

/** What a step answers. `login` names the sign-in in the next step. */
export type Answer =
  | { readonly kind: "code"; readonly login: string; readonly sentBy: string }
  | { readonly kind: "password"; readonly login: string; readonly hint?: string }
  | { readonly kind: "user"; readonly account: string; readonly name: string }
  | { readonly kind: "error"; readonly error: string; readonly seconds?: number };

const KEPT = 15 * 60;
const HOUR = 60 * 60;
const MONTH = 30 * 24 * HOUR;
const MAX_CODES_OF_PHONE = 3;
const MAX_CODES_OF_ADDRESS = 20;
const MAX_ATTEMPTS = 10;
/** Characters of a request: a login is a random UUID, a password some hundred at most. */
const MAX_REQUEST = 4096;

/** Thrown for a request that is refused without asking Telegram. */
class Refusal extends Error {
  readonly seconds?: number;

  constructor(error: string, seconds?: number) {
    super(error);
    this.seconds = seconds;
  }
}

/** The first step: asks Telegram for a code. `address` is the address of the person. */
export function requestCode(phone: string, address: string, settings: Settings): Promise<Answer> {
  return answering(async () => {
    await count(`address:${address}`, MAX_CODES_OF_ADDRESS, settings);
    await count(`phone:${phone.replace(/\D/g, "")}`, MAX_CODES_OF_PHONE, settings);
    await using client = open("", settings);
    const token = await client.requestLoginCode(phone);
    const login = crypto.randomUUID();
    await keep(login, client, token.save(), settings);
    return { kind: "code", login, sentBy: token.deliveredBy };
  });
}

/** The second step: sends the code, and then the password if the account has one. */
export function signIn(
  { login = "", code = "", password = "" }: Readonly<Record<string, string | undefined>>,
  settings: Settings,
): Promise<Answer> {
  return answering(async () => {
    const { store, now = Date.now } = settings;
    const pending = JSON.parse(await store.get(`login:${login}`) ?? "null");
    if (pending === null || pending.expires < now()) throw new SignInError("codeExpired");
    await count(`login:${login}`, MAX_ATTEMPTS, settings);
    await using client = open(pending.session, settings);
    const token = await client.resumeLogin(pending.token);
    if (token.kind === "signUp") throw new SignInError("phoneUnregistered");
    const outcome = token.kind === "login"
      ? await client.signIn(token, code)
      : await client.checkPassword(token, password);
    if (outcome.kind === "signUp") throw new SignInError("phoneUnregistered");
    if (outcome.kind === "password") {
      await keep(login, client, outcome.save(), settings);
      return { kind: "password", login, hint: outcome.hint };
    }
    const account = crypto.randomUUID();
    await store.set(`account:${account}`, client.session.save(), MONTH);
    await store.delete(`login:${login}`);
    await store.delete(`count:login:${login}`);
    return { kind: "user", account, name: outcome.firstName ?? "" };
  });
}

/** Reads the fields of a request: an object of texts, in JSON. Returns undefined if it is none. */
export async function fieldsOf(request: Request): Promise<Record<string, string> | undefined> {
  let size = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.length;
      if (size > MAX_REQUEST) controller.error(new Error("The request is too long"));
      else controller.enqueue(chunk);
    },
  });
  try {
    const fields = JSON.parse(await new Response(request.body?.pipeThrough(limit)).text());
    const isTexts = Object.values(fields).every((value) => typeof value === "string");
    return isTexts && typeof fields === "object" ? fields : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a form: its texts, without files and what is too long. */
export function textsOf(form: FormData): Record<string, string> {
  const texts = [...form].filter((entry): entry is [string, string] =>
    typeof entry[1] === "string" && entry[1].length <= MAX_REQUEST
  );
  return Object.fromEntries(texts);
}

/** The HTTP status of an answer. */
export function statusOf(answer: Answer): 200 | 400 | 429 {
  if (answer.kind !== "error") return 200;
  return answer.error === "flood" ? 429 : 400;
}

async function answering(step: () => Promise<Answer>): Promise<Answer> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof SignInError) {
      return { kind: "error", error: error.reason, seconds: error.seconds };
    }
    if (!(error instanceof Refusal)) throw error;
    return { kind: "error", error: error.message, seconds: error.seconds };
  }
}

/** Counts something, and refuses it when there were too many in the last hour. */
async function count(what: string, most: number, settings: Settings): Promise<void> {
  const { store, now = Date.now } = settings;
  const id = `count:${what}`;
  const kept = JSON.parse(await store.get(id) ?? "null");
  const { times, until } = kept?.until > now() ? kept : { times: 0, until: now() + HOUR * 1000 };
  const seconds = Math.ceil((until - now()) / 1000);
  if (times >= most) throw new Refusal("flood", seconds);
  await store.set(id, JSON.stringify({ times: times + 1, until }), seconds);
}

async function keep(
  login: string,
  client: Client<StringSession>,
  token: string,
  { store, now = Date.now }: Settings,
): Promise<void> {
  const pending = { session: client.session.save(), token, expires: now() + KEPT * 1000 };
  await store.set(`login:${login}`, JSON.stringify(pending), KEPT);
}

function open(session: string, settings: Settings): Client<StringSession> {
  const { apiId, apiHash, clientOptions } = settings;
  return new Client(new StringSession(session), apiId, apiHash, clientOptions);
}
