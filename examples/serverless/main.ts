/**
 * A sign-in server for runtimes that keep nothing between two requests. One request asks for the
 * code, and a later one sends it, minutes after and in another process. A store keeps the session
 * and the token between them.
 *
 *     POST /code    { "phone": "+15551234567" }             -> { "login": "…", "sentBy": "app" }
 *     POST /signin  { "login": "…", "code": "12345" }       -> { "user": "…", "session": "…" }
 *                                                           or { "needs": "password", … }
 *     POST /signin  { "login": "…", "password": "…" }       -> the same
 *
 * The session that it returns is for one program at a time: two that use it at once make it void.
 *
 * An unfinished sign-in is forgotten after 15 minutes. A phone number and an address get a few
 * codes an hour, and a sign-in a few attempts: anybody could make Telegram send codes otherwise.
 *
 * To run it: API_ID=… API_HASH=… deno run -NE main.ts, with the id and hash from
 * https://my.telegram.org. To run it without Telegram: TELEGRAM="$(cat telegram.json)", where
 * telegram.json has the output of `deno task serve --json`.
 */
import {
  Client,
  type ClientOptions,
  type LoginToken,
  type PasswordToken,
  SignInError,
  type SignUpToken,
  StringSession,
  type User,
} from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";

/** A store for sign-ins between two requests: Redis, a database, Deno KV. All values are secret. */
export interface Store {
  get(id: string): Promise<string | undefined>;
  /** Keeps a value for some seconds. A store that cannot forget by itself must be cleaned. */
  set(id: string, value: string, seconds: number): Promise<void>;
  delete(id: string): Promise<void>;
}

/** The options of the server. */
export interface ServerOptions {
  readonly apiId: number;
  readonly apiHash: string;
  readonly store: Store;
  readonly clientOptions?: ClientOptions;
  /** Milliseconds since 1970. Set it in tests only. */
  readonly now?: () => number;
}

/** A sign-in between two requests: the session with its key, and the token of the next step. */
interface Pending {
  readonly session: string;
  readonly token: string;
  readonly expires: number;
}

/** Seconds that an unfinished sign-in is kept. Codes of Telegram are good for some minutes. */
const KEPT = 15 * 60;
const HOUR = 60 * 60;
const MAX_CODES_OF_PHONE = 3;
const MAX_CODES_OF_ADDRESS = 20;
const MAX_ATTEMPTS = 10;
/** Characters of a request: a token is a random UUID, a password some hundred at most. */
const MAX_REQUEST = 4096;

/** Thrown for a request that the server refuses without asking Telegram. */
class Refusal extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>) {
    super(String(body.error));
    this.status = status;
    this.body = body;
  }
}

type Step = (
  request: Record<string, string>,
  options: ServerOptions,
  address: string,
) => Promise<unknown>;

const STEPS: Readonly<Record<string, Step>> = { "/code": sendCode, "/signin": signIn };

/**
 * Returns the server, as a function from requests to responses. It keeps no state itself. `address`
 * is the address of the person: behind a proxy, the one that the proxy names.
 */
export function signInServer(
  options: ServerOptions,
): (request: Request, address?: string) => Promise<Response> {
  return async (request, address = "") => {
    const { pathname } = new URL(request.url);
    const step = Object.hasOwn(STEPS, pathname) ? STEPS[pathname] : undefined;
    if (step === undefined || request.method !== "POST") {
      return Response.json({ error: "notFound" }, { status: 404 });
    }
    try {
      return Response.json(await step(await fieldsOf(request), options, address));
    } catch (error) {
      if (error instanceof Refusal) return Response.json(error.body, { status: error.status });
      if (!(error instanceof SignInError)) throw error;
      const { reason, message, seconds } = error;
      return Response.json({ error: reason, message, seconds }, { status: 400 });
    }
  };
}

/** Reads a request: an object of texts, in JSON. */
async function fieldsOf(request: Request): Promise<Record<string, string>> {
  const bad = new Refusal(400, { error: "badRequest" });
  let size = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.length;
      if (size > MAX_REQUEST) controller.error(bad);
      else controller.enqueue(chunk);
    },
  });
  let fields: unknown;
  try {
    fields = JSON.parse(await new Response(request.body?.pipeThrough(limit)).text());
  } catch {
    throw bad;
  }
  if (typeof fields !== "object" || fields === null) throw bad;
  const texts = Object.entries(fields);
  if (!texts.every(([, value]) => typeof value === "string")) throw bad;
  return Object.fromEntries(texts);
}

/** Counts something, and refuses it when there were too many in the last hour. */
async function count(what: string, most: number, options: ServerOptions): Promise<void> {
  const { store, now = Date.now } = options;
  const id = `count:${what}`;
  const kept = JSON.parse(await store.get(id) ?? "null");
  const { times, until } = kept?.until > now() ? kept : { times: 0, until: now() + HOUR * 1000 };
  const seconds = Math.ceil((until - now()) / 1000);
  if (times >= most) throw new Refusal(429, { error: "flood", seconds });
  await store.set(id, JSON.stringify({ times: times + 1, until }), seconds);
}

async function sendCode(
  { phone = "" }: Record<string, string>,
  options: ServerOptions,
  address: string,
) {
  await count(`address:${address}`, MAX_CODES_OF_ADDRESS, options);
  await count(`phone:${phone.replace(/\D/g, "")}`, MAX_CODES_OF_PHONE, options);
  await using client = open("", options);
  const token = await client.requestLoginCode(phone);
  const login = crypto.randomUUID();
  await keep(login, client, token, options);
  return { login, sentBy: token.deliveredBy };
}

async function signIn(
  { login = "", code = "", password = "" }: Record<string, string>,
  options: ServerOptions,
) {
  const { store, now = Date.now } = options;
  const pending: Pending | null = JSON.parse(await store.get(`login:${login}`) ?? "null");
  if (pending === null || pending.expires < now()) throw new SignInError("codeExpired");
  await count(`login:${login}`, MAX_ATTEMPTS, options);
  await using client = open(pending.session, options);
  const outcome = await next(client, await client.resumeLogin(pending.token), code, password);
  if (outcome.kind !== "user") {
    await keep(login, client, outcome, options);
    return { needs: outcome.kind, hint: outcome.kind === "password" ? outcome.hint : undefined };
  }
  await store.delete(`login:${login}`);
  await store.delete(`count:login:${login}`);
  return { user: String(outcome.id), session: client.session.save() };
}

async function next(
  client: Client,
  token: LoginToken | PasswordToken | SignUpToken,
  code: string,
  password: string,
): Promise<User | PasswordToken | SignUpToken> {
  if (token.kind === "login") return await client.signIn(token, code);
  if (token.kind === "password") return await client.checkPassword(token, password);
  throw new SignInError("phoneUnregistered");
}

async function keep(
  login: string,
  client: Client<StringSession>,
  token: LoginToken | PasswordToken | SignUpToken,
  { store, now = Date.now }: ServerOptions,
): Promise<void> {
  const expires = now() + KEPT * 1000;
  const pending: Pending = { session: client.session.save(), token: token.save(), expires };
  await store.set(`login:${login}`, JSON.stringify(pending), KEPT);
}

function open(session: string, options: ServerOptions): Client<StringSession> {
  const { apiId, apiHash, clientOptions } = options;
  return new Client(new StringSession(session), apiId, apiHash, clientOptions);
}

/** Reads the application, and an offline Telegram if there is one, from the environment. */
function telegram(): Omit<ServerOptions, "store"> {
  const { API_ID, API_HASH = "", TELEGRAM } = Deno.env.toObject();
  if (TELEGRAM === undefined) return { apiId: Number(API_ID), apiHash: API_HASH };
  const { apiId, apiHash, dcs, publicKeyPem } = JSON.parse(TELEGRAM);
  return { apiId, apiHash, clientOptions: { dcs, keys: [parseRsaPublicKey(publicKeyPem)] } };
}

if (import.meta.main) {
  const kept = new Map<string, string>(); // only to try it: use your own store here
  const store: Store = {
    get: (id) => Promise.resolve(kept.get(id)),
    set(id, value, seconds) {
      kept.set(id, value);
      Deno.unrefTimer(setTimeout(() => kept.get(id) === value && kept.delete(id), seconds * 1000));
      return Promise.resolve();
    },
    delete: (id) => Promise.resolve(void kept.delete(id)),
  };
  const port = Number(Deno.env.get("PORT") ?? 8000);
  const server = signInServer({ ...telegram(), store });
  Deno.serve(
    { hostname: "127.0.0.1", port },
    (request, { remoteAddr }) => server(request, remoteAddr.hostname),
  );
}
