/**
 * A sign-in in two steps with Hono on Cloudflare Workers. KV keeps what is between the steps.
 *
 *     POST /code     { "phone": "+15551234567" }            -> { "kind": "code", "login": "…", … }
 *     POST /sign-in  { "login": "…", "code": "12345" }      -> { "kind": "user", "name": "…" }
 *                                                           or { "kind": "password", … }
 *     POST /sign-in  { "login": "…", "password": "…" }      -> the same
 *
 * The answer names the account in a cookie that scripts cannot read; its session stays in KV. KV is
 * slow to tell other places of a change, so its limits are a little loose: count in a Durable
 * Object if you need them exact. Secrets: API_ID and API_HASH from https://my.telegram.org. To try
 * it without Telegram, set TELEGRAM to the output of `deno task serve --json`.
 */
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { type Answer, fieldsOf, requestCode, type Settings, signIn, statusOf } from "./sign_in.ts";

/** A KV namespace, as far as it is used here. */
export interface Namespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The bindings of the Worker. */
export interface Bindings {
  readonly API_ID: string;
  readonly API_HASH: string;
  readonly SIGN_INS: Namespace;
  readonly TELEGRAM?: string;
}

/** KV forgets no value sooner. */
const LEAST_SECONDS = 60;
const MONTH = 30 * 24 * 60 * 60;

function settingsFrom({ API_ID, API_HASH, SIGN_INS, TELEGRAM }: Bindings): Settings {
  const store: Settings["store"] = {
    get: async (id) => await SIGN_INS.get(id) ?? undefined,
    set: (id, value, seconds) =>
      SIGN_INS.put(id, value, { expirationTtl: Math.max(seconds, LEAST_SECONDS) }),
    delete: (id) => SIGN_INS.delete(id),
  };
  if (TELEGRAM === undefined) return { apiId: Number(API_ID), apiHash: API_HASH, store };
  const { apiId, apiHash, dcs, publicKeyPem } = JSON.parse(TELEGRAM);
  const clientOptions = { dcs, keys: [parseRsaPublicKey(publicKeyPem)] };
  return { apiId, apiHash, store, clientOptions };
}

const app = new Hono<{ Bindings: Bindings }>();
const BAD_REQUEST: Answer = { kind: "error", error: "badRequest" };

app.post("/code", async (context) => {
  const fields = await fieldsOf(context.req.raw);
  if (fields === undefined) return context.json(BAD_REQUEST, 400);
  const address = context.req.header("cf-connecting-ip") ?? "";
  const answer = await requestCode(fields.phone ?? "", address, settingsFrom(context.env));
  return context.json(answer, statusOf(answer));
});

app.post("/sign-in", async (context) => {
  const fields = await fieldsOf(context.req.raw);
  if (fields === undefined) return context.json(BAD_REQUEST, 400);
  const answer = await signIn(fields, settingsFrom(context.env));
  if (answer.kind !== "user") return context.json(answer, statusOf(answer));
  const { account, ...shown } = answer;
  const options = { httpOnly: true, secure: true, sameSite: "Lax", path: "/" } as const;
  setCookie(context, "account", account, { ...options, maxAge: MONTH });
  return context.json(shown);
});

export default app;
