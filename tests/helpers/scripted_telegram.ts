/**
 * A Telegram that follows a script: it expects exactly these calls in this order, and answers each
 * as told. Anything else fails the test, and so does a secret in what was logged.
 */
import { invokeFollowingMigration, RpcError } from "../../src/connection/mod.ts";
import type { SignInContext, StepOptions } from "../../src/auth/mod.ts";
import { type Clock, type Logger, systemRandom } from "../../src/runtime/mod.ts";
import { MemorySession } from "../../src/session/mod.ts";
import type { Api, TlObject } from "../../src/tl/mod.ts";
import { assertEquals } from "./assert.ts";

export const PHONE = "+9996621111";
export const CODE = "22222";
export const PASSWORD = "hunter2";
export const BOT_TOKEN = "777:TESTTOKEN";
export const API_HASH = "0123456789abcdef0123456789abcdef";
export const CODE_HASH = "c0deha5h";
/** What may never be seen in a log, an error or an inspection. */
export const SECRETS = [PHONE.slice(1), CODE, PASSWORD, "TESTTOKEN", API_HASH, CODE_HASH];

/**
 * One call that is expected: its method, the parameters that are looked at, and the answer. An
 * error is thrown.
 */
export type Line = [method: keyof Api.Methods, params: Record<string, unknown>, answer: unknown];

/** Written down in the place of a call: the client moves its home. */
export type Move = ["moveHome", number];

export class ScriptedTelegram implements SignInContext {
  readonly apiId = 12345;
  readonly apiHash = API_HASH;
  readonly random = systemRandom;
  /** How long it was slept, in milliseconds, each time. */
  readonly slept: number[] = [];
  readonly clock: Clock;
  readonly keyIsNew: boolean;
  readonly logged: string[] = [];
  readonly log: Logger;
  readonly saved: unknown[] = [];
  readonly session: MemorySession;
  readonly #script: (Line | Move)[];

  constructor(script: (Line | Move)[], options: { keyIsNew?: boolean } = {}) {
    this.#script = [...script];
    this.keyIsNew = options.keyIsNew ?? true;
    const write = (message: string, ...details: unknown[]): void => {
      this.logged.push(Deno.inspect([message, ...details]));
    };
    this.clock = clockOf(this.slept);
    this.log = { debug: write, info: write, warn: write, error: write };
    const saved = this.saved;
    this.session = new (class extends MemorySession {
      override save(): void {
        saved.push(structuredClone({ ...this.state }));
      }
    })();
  }

  async connect(): Promise<void> {}

  async ready(): Promise<void> {}

  async save(): Promise<void> {
    await this.session.save();
  }

  invoke<M extends keyof Api.Methods>(
    request: { _: M } & Api.Methods[M]["params"],
    { signal }: StepOptions = {},
  ): Promise<Api.Methods[M]["result"]> {
    return invokeFollowingMigration(this, signal, () => this.#answer(request));
  }

  async #answer<M extends keyof Api.Methods>(
    request: { _: M } & Api.Methods[M]["params"],
  ): Promise<Api.Methods[M]["result"]> {
    const asked: TlObject = request;
    const line = this.#script.shift();
    if (line === undefined) throw new Error(`unexpected call of ${asked._}`);
    const [method, params, answer] = line as Line;
    assertEquals(asked._, method);
    for (const [name, value] of Object.entries(params)) assertEquals(asked[name], value, name);
    await Promise.resolve();
    if (answer instanceof Error) throw answer;
    return (typeof answer === "function" ? answer(asked) : answer) as Api.Methods[M]["result"];
  }

  readonly #listeners = new Set<(updates: Api.Updates) => void>();

  subscribe(listener: (updates: Api.Updates) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Pushes an update, as Telegram does when it wants. */
  push(updates: Api.Updates): void {
    for (const listener of this.#listeners) listener(updates);
  }

  moveHome(dcId: number): Promise<void> {
    assertEquals<unknown>(["moveHome", dcId], this.#script.shift());
    this.session.setDC(dcId, "127.0.0.1", 443);
    return Promise.resolve();
  }

  /** All of the script was played, and no secret was logged. */
  finish(): void {
    assertEquals(this.#script.map(([method]) => method), []);
    for (const line of this.logged) {
      for (const secret of SECRETS) assertEquals(line.includes(secret), false, line);
    }
  }
}

/** A clock on which only sleeping takes time. */
function clockOf(slept: number[]): Clock {
  const now = () => slept.reduce((sum, ms) => sum + ms, 0);
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return Promise.reject(signal.reason);
    slept.push(ms);
    return Promise.resolve();
  };
  return { now, monotonic: now, sleep };
}

/** Plays a script. */
export async function play<T>(
  script: (Line | Move)[],
  run: (telegram: ScriptedTelegram) => Promise<T>,
  options?: { keyIsNew?: boolean },
): Promise<T> {
  const telegram = new ScriptedTelegram(script, options);
  const result = await run(telegram);
  telegram.finish();
  return result;
}

/** An error of Telegram's. */
export function refusal(code: number, name: string, method = "auth.test"): RpcError {
  return new RpcError(code, name, method);
}

export const ADA: Api.user = {
  _: "user",
  id: 42n,
  firstName: "Ada",
  username: "ada",
  phone: PHONE.slice(1),
};
export const BOT: Api.user = {
  _: "user",
  id: 777n,
  firstName: "Bot",
  username: "a_bot",
  bot: true,
};

/** The answer to a successful sign-in. */
export function signedIn(user: Api.user): Api.auth.authorization {
  return { _: "auth.authorization", user };
}

/** The answer to a request for a code. */
export function codeSent(type?: Api.auth.SentCodeType): Api.auth.sentCode {
  return {
    _: "auth.sentCode",
    type: type ?? { _: "auth.sentCodeTypeApp", length: 5 },
    phoneCodeHash: CODE_HASH,
  };
}

/** The call that requests a code, and its answer. */
export function sendCode(answer: unknown = codeSent(), phoneNumber = PHONE): Line {
  return ["auth.sendCode", { phoneNumber, apiId: 12345, apiHash: API_HASH }, answer];
}

/** The call that signs in with a code, and its answer. */
export function signInCall(answer: unknown, phoneCode: string | undefined = CODE): Line {
  return ["auth.signIn", { phoneNumber: PHONE, phoneCodeHash: CODE_HASH, phoneCode }, answer];
}

/** Fails if a secret can be seen in any way of printing these. */
export function assertNoSecret(things: unknown[], more: string[] = []): void {
  for (const thing of things) {
    const texts = [Deno.inspect(thing, { depth: 9 }), String(thing), JSON.stringify(thing) ?? ""];
    for (const text of texts) {
      for (const secret of [...SECRETS, ...more]) assertEquals(text.includes(secret), false, text);
    }
  }
}
