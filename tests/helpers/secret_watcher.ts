/**
 * Looks over the shoulder of every test: what it logs, each error that is made, and every session
 * and client, printed in each way, must show no key, no session string and no password. `deno task
 * test` loads it before each file of tests (`--preload`).
 *
 * Keys are told by where they pass: whoever computes with an auth key copies its 256 bytes into the
 * memory of the WASM module. Most files of tests load no client, so it loads none until they do.
 */
import { silentLogger } from "../../src/runtime/logger.ts";
import { Secrets } from "./secret_search.ts";

const KEY_LENGTH = 256;
/** Passwords and tokens that are shorter could be part of anything. */
const SHORTEST = 6;
/** More than that at once are looked at in between. */
const MOST_KEPT = 1000;

const secrets = new Secrets();
/** Things, to be printed as they are when they are looked at. */
let seen = new Set<unknown>();
let shown: string | undefined;
let util: typeof import("node:util") | undefined;

function see(...parts: unknown[]): void {
  for (const part of parts) seen.add(part);
  if (seen.size > MOST_KEPT) look();
}

/** Remembers if a secret can be read from what was seen. */
function look(): void {
  const parts = seen;
  seen = new Set();
  const texts = new Set([...parts].map(print));
  for (const text of texts) shown ??= secrets.findIn(text);
}

function print(part: unknown): string {
  if (typeof part === "string") return part;
  if (part instanceof OwnError) return printError(part);
  const json = JSON.stringify(part, (_, value) => typeof value === "bigint" ? `${value}` : value);
  util ??= globalThis.process.getBuiltinModule("node:util");
  return `${part} ${Deno.inspect(part)} ${util.inspect(part)} ${json}`;
}

/** Without the stack, which takes long and shows the rest of it again. */
function printError(error: Error): string {
  const fields = { ...error };
  const { cause } = error;
  const more = cause === undefined || cause === error ? "" : print(cause);
  const all = Object.keys(fields).length === 0 ? "" : Deno.inspect(fields);
  return `${error.name} ${error.message} ${all} ${more}`;
}

// Errors, as they are made: those of our classes call the constructor of the class that they
// extend.
const { Error: OwnError } = globalThis;
for (const name of ["Error", "TypeError", "RangeError", "SyntaxError"] as const) {
  const watched = new Proxy(globalThis[name], {
    construct(target, args, newTarget) {
      const error = Reflect.construct(target, args, newTarget);
      see(error);
      return error;
    },
  });
  globalThis[name].prototype.constructor = watched;
  Object.assign(globalThis, { [name]: watched });
}

// Keys, as they are used.
const bytes = Object.getPrototypeOf(Uint8Array.prototype);
const { set } = bytes;
bytes.set = function (this: Uint8Array, from: ArrayLike<number>, at?: number): void {
  if (from instanceof Uint8Array && from.length === KEY_LENGTH) secrets.add(from);
  set.call(this, from, at);
};

/** Has `before` see what a method of a class is called with, and on. */
function watch<T extends object>(
  prototype: T,
  method: keyof T,
  before: (self: T, ...args: unknown[]) => void,
): void {
  const original = prototype[method] as (...args: unknown[]) => unknown;
  const watched = function (this: T, ...args: unknown[]): unknown {
    before(this, ...args);
    return original.apply(this, args);
  };
  Object.defineProperty(prototype, method, { value: watched, configurable: true, writable: true });
}

function keep(secret: unknown): void {
  if (typeof secret === "string" && secret.length >= SHORTEST) secrets.add(secret);
}

async function watchClasses(): Promise<void> {
  const { Client, MemorySession, StringSession } = await import("../../mod.ts");
  watch(Client.prototype, "connect", (client) => see(client, client.session));
  watch(Client.prototype, "checkPassword", (_, __, password) => keep(password));
  watch(Client.prototype, "botSignIn", (_, token) => keep(token));
  watch(Client.prototype, "start", (_, answers) => {
    const { botAuthToken, password } = (answers ?? {}) as Record<string, unknown>;
    keep(botAuthToken);
    keep(password);
  });
  for (const Session of [MemorySession, StringSession]) {
    watch(Session.prototype, "save", (session) => see(session, session.state));
  }
  util ??= await import("node:util");
}

// Clients and sessions, once a file of tests loads them: the class MemorySession censors itself as
// it is defined, in each client and before each test.
let watching: Promise<void> | undefined;
const isSession = (target: object): boolean => target.constructor?.name === "MemorySession";
const CENSORED = Symbol.for("Deno.customInspect");
const { defineProperty } = Object;
Object.defineProperty = (target, key, descriptor) => {
  if (key === CENSORED && isSession(target as object)) watching ??= watchClasses();
  return defineProperty(target, key, descriptor);
};
Deno.test.beforeAll(() => watching);

// The log of every client that was given none of its own, at every level.
for (const level of ["debug", "info", "warn", "error"] as const) silentLogger[level] = see;
for (const level of ["debug", "log", "info", "warn", "error"] as const) {
  const { console: printer } = globalThis;
  const print = printer[level];
  printer[level] = (...parts) => {
    see(...parts);
    print.apply(printer, parts);
  };
}

Deno.test.afterEach(() => {
  look();
  const found = shown;
  shown = undefined;
  if (found !== undefined) throw new OwnError(`It shows a secret: ${found}`);
});
