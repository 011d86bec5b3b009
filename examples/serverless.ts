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
 * To run it: API_ID=… API_HASH=… deno run -NE examples/serverless.ts, with the id and hash from
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
  set(id: string, value: string): Promise<void>;
  delete(id: string): Promise<void>;
}

/** The options of the server. */
export interface ServerOptions {
  readonly apiId: number;
  readonly apiHash: string;
  readonly store: Store;
  readonly clientOptions?: ClientOptions;
}

/** A sign-in between two requests: the session with its key, and the token of the next step. */
interface Pending {
  readonly session: string;
  readonly token: string;
}

type Step = (request: Record<string, string>, options: ServerOptions) => Promise<unknown>;

const STEPS: Readonly<Record<string, Step>> = { "/code": sendCode, "/signin": signIn };

/** Returns the server, as a function from requests to responses. It keeps no state itself. */
export function signInServer(options: ServerOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const step = STEPS[new URL(request.url).pathname];
    if (step === undefined || request.method !== "POST") {
      return Response.json({ error: "notFound" }, { status: 404 });
    }
    try {
      return Response.json(await step(await request.json(), options));
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      const { reason, message, seconds } = error;
      return Response.json({ error: reason, message, seconds }, { status: 400 });
    }
  };
}

async function sendCode({ phone }: Record<string, string>, options: ServerOptions) {
  await using client = open("", options);
  const token = await client.requestLoginCode(phone);
  const login = crypto.randomUUID();
  await keep(login, client, token, options);
  return { login, sentBy: token.deliveredBy };
}

async function signIn({ login, code, password }: Record<string, string>, options: ServerOptions) {
  const pending = await options.store.get(login);
  if (pending === undefined) throw new SignInError("codeExpired");
  const { session, token } = JSON.parse(pending) as Pending;
  await using client = open(session, options);
  const outcome = await next(client, await client.resumeLogin(token), code, password);
  if (outcome.kind !== "user") {
    await keep(login, client, outcome, options);
    return { needs: outcome.kind, hint: outcome.kind === "password" ? outcome.hint : undefined };
  }
  await options.store.delete(login);
  return { user: String(outcome.id), session: client.session.save() };
}

async function next(
  client: Client,
  token: LoginToken | PasswordToken | SignUpToken,
  code: string,
  password: string,
): Promise<User | PasswordToken | SignUpToken> {
  if (token.kind === "login") return await client.signIn(token, code);
  if (token.kind === "password") return await client.checkPassword(token, password ?? "");
  throw new SignInError("phoneUnregistered");
}

async function keep(
  login: string,
  client: Client<StringSession>,
  token: LoginToken | PasswordToken | SignUpToken,
  { store }: ServerOptions,
): Promise<void> {
  const pending: Pending = { session: client.session.save(), token: token.save() };
  await store.set(login, JSON.stringify(pending));
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
    set: (id, value) => Promise.resolve(void kept.set(id, value)),
    delete: (id) => Promise.resolve(void kept.delete(id)),
  };
  const port = Number(Deno.env.get("PORT") ?? 8000);
  Deno.serve({ hostname: "127.0.0.1", port }, signInServer({ ...telegram(), store }));
}
