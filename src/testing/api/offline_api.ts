// The API of the offline Telegram: a request and its caller go in, the answer or a refusal comes out, at once.
// https://core.telegram.org/methods. It knows no sockets, no MTProto and no wrappers (invokeWithLayer,
// initConnection, …): those are the server's around it. What a method does is in the file of its namespace.

import type { Schema, TlObject } from "../../tl/mod.ts";
import { anyLayerSchema, fitAnswer, layerSchema } from "../layers/mod.ts";
import type { AccountOptions, BotOptions } from "./state/account.ts";
import { authMethods } from "./methods/sign_in.ts";
import type { Device } from "./state/authorizations.ts";
import { botMethods } from "./methods/bot_sign_in.ts";
import type { Caller } from "./caller.ts";
import { codeMethods } from "./methods/codes.ts";
import { contactsMethods } from "./methods/contacts.ts";
import { badRequest, RpcFailure } from "./failure.ts";
import { devicesMethods } from "./methods/devices.ts";
import { dialogsMethods } from "./methods/dialogs.ts";
import { helpMethods } from "./methods/help.ts";
import { loginEmailMethods } from "./methods/login_email.ts";
import { messagesMethods } from "./methods/messages.ts";
import type { Call, Method, Methods, SignedInCall } from "./methods/method.ts";
import { passkeyMethods } from "./methods/passkeys.ts";
import { passwordMethods } from "./methods/password.ts";
import { passwordRecoveryMethods } from "./methods/password_recovery.ts";
import { passwordResetMethods } from "./methods/password_reset.ts";
import { passwordSettingsMethods } from "./methods/password_settings.ts";
import { phoneDigits } from "./phone_number.ts";
import { qrMethods } from "./methods/qr_login.ts";
import { signUpMethods } from "./methods/sign_up.ts";
import { transferMethods } from "./methods/authorization_transfer.ts";
import { updatesMethods } from "./methods/updates.ts";
import { webTokenMethods } from "./methods/web_token.ts";
import { usersMethods } from "./methods/users.ts";
import { type OfflineOptions, World } from "./state/server_state.ts";

/** A refusal that a test orders: see {@linkcode OfflineApi.failNext}. */
export interface ScriptedFailure {
  /** For example 420. */
  readonly code: number;
  /** For example `FLOOD_WAIT_30`. */
  readonly message: string;
  /** For how many calls; 1 by default. */
  readonly times?: number;
}

const NAMESPACES: Methods = {
  ...authMethods,
  ...botMethods,
  ...codeMethods,
  ...signUpMethods,
  ...loginEmailMethods,
  ...passwordMethods,
  ...passwordSettingsMethods,
  ...passwordRecoveryMethods,
  ...passwordResetMethods,
  ...qrMethods,
  ...devicesMethods,
  ...webTokenMethods,
  ...passkeyMethods,
  ...transferMethods,
  ...helpMethods,
  ...usersMethods,
  ...contactsMethods,
  ...messagesMethods,
  ...dialogsMethods,
  ...updatesMethods,
};

const METHODS: ReadonlyMap<string, Method> = new Map(Object.entries(NAMESPACES));

/**
 * The API of the offline Telegram, as a state machine without input or output.
 *
 * @example
 * ```ts
 * import { OfflineApi } from "@tessera/mtproto/testing";
 *
 * const api = new OfflineApi({
 *   dcs: [{ id: 2, host: "127.0.0.1", port: 443 }],
 *   clock: () => Date.now() / 1000,
 *   random: (length) => crypto.getRandomValues(new Uint8Array(length)),
 * });
 * const caller = { dcId: 2, authKeyId: "00112233aabbccdd", sessionId: 1n, layer: 227 };
 * console.log(api.handle({ _: "help.getNearestDc" }, caller));
 * ```
 */
export class OfflineApi {
  /** Takes what is pushed to all sessions of an auth key: an object of type `Updates`, of layer 227. */
  onUpdates?: (authKeyId: string, updates: TlObject) => void;
  readonly #world: World;
  readonly #failures: { readonly method: string; readonly failure: RpcFailure; left: number }[] =
    [];

  /** Sets up the accounts, bots and data centers. */
  constructor(options: OfflineOptions) {
    this.#world = new World(options);
    this.#world.push = (authKeyId, updates) => this.onUpdates?.(authKeyId, updates);
  }

  /**
   * Answers a request, with what the method's type says: an object, an array for a vector, a boolean for `Bool`.
   * Encode it with {@linkcode OfflineApi.schemaFor} the caller's layer and the method's `resultType` there.
   *
   * @throws {RpcFailure} what is to be sent as `rpc_error`
   */
  handle(request: TlObject, caller: Caller): unknown {
    this.#failAsScripted(request._);
    const method = METHODS.get(request._);
    // A method that Telegram has and this does not: Telegram's own text for "not a method", never an invented answer.
    if (method === undefined) throw badRequest("METHOD_INVALID");
    return fitAnswer(this.#answer(method, request, caller), caller.layer);
  }

  /** What to encode answers and updates with, for a client of that layer. */
  schemaFor(layer: number): Schema {
    return layerSchema(layer);
  }

  /** What to decode requests with: it reads those of every layer that is spoken. */
  requestSchema(): Schema {
    return anyLayerSchema();
  }

  /** Adds an account, or a new one in `auth.signUp`'s stead. */
  addAccount(options: AccountOptions): void {
    this.#world.directory.addAccount(options);
  }

  /** Adds a bot. */
  addBot(options: BotOptions): void {
    this.#world.directory.addBot(options);
  }

  /** Sets where a data center listens, once it does. */
  setDcAddress(id: number, host: string, port: number): void {
    this.#world.dcs.set(id, { id, host, port });
  }

  /** The code that went to that number last; undefined if none did. */
  lastCode(phone: string): string | undefined {
    return this.#world.codes.last(phoneDigits(phone) ?? phone);
  }

  /** The code that went to that email address last; undefined if none did. */
  lastEmailCode(email: string): string | undefined {
    return this.#world.emailCodes.last(email);
  }

  /** Pays for the code of a number that has a `codePrice`, in the payment form with that number. */
  payForCode(phone: string, formId: bigint): void {
    const account = this.#world.directory.byPhone(phoneDigits(phone) ?? phone);
    if (account !== undefined) account.paidForm = formId;
  }

  /** The devices of an account, by its phone number, user id or bot token. */
  authorizations(who: string | bigint): readonly Device[] {
    const { directory, authorizations } = this.#world;
    const account = directory.find(who);
    if (account === undefined) return [];
    return authorizations.of(account).map(({ account: _, ...device }) => device);
  }

  /** Signs an account (by phone number or user id) in to a website, whose bot has that token. */
  addWebsite(who: string | bigint, domain: string, botToken: string): void {
    const { directory, deviceSettings } = this.#world;
    const account = directory.find(who);
    const bot = directory.byToken(botToken);
    if (account === undefined || bot === undefined) {
      throw new TypeError(
        `Cannot sign in to the website "${domain}": expected an account and a bot that exist`,
      );
    }
    deviceSettings.addWebsite(account, domain, bot.id);
  }

  /** A web token of an account, as another client of its would be given. */
  webToken(who: string | bigint): string {
    const account = this.#world.directory.find(who);
    if (account !== undefined) return this.#world.webTokens.issue(account);
    throw new TypeError("Cannot give a web token: there is no such account, expected one");
  }

  /** Signs an auth key in to an account, without code and password. */
  signIn(who: string | bigint, caller: Caller): void {
    const { directory, authorizations } = this.#world;
    const account = directory.find(who);
    if (account === undefined) {
      throw new TypeError("Cannot sign in: there is no such account, expected one that was added");
    }
    authorizations.signIn(caller, account);
  }

  /** Forgets that an auth key is signed in, as when the key is destroyed. */
  forgetAuthKey(dcId: number, authKeyId: string): void {
    this.#world.authorizations.forget({ dcId, authKeyId });
  }

  /**
   * Refuses the next calls of a method, whoever makes them, before anything else is looked at.
   *
   * @example
   * ```ts
   * import { OfflineApi } from "@tessera/mtproto/testing";
   *
   * const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
   * const api = new OfflineApi({ dcs: [], clock: () => Date.now() / 1000, random });
   * api.failNext("auth.sendCode", { code: 420, message: "FLOOD_WAIT_30" });
   * ```
   */
  failNext(method: string, failure: ScriptedFailure): void {
    const { code, message, times = 1 } = failure;
    this.#failures.push({ method, failure: new RpcFailure(code, message), left: times });
  }

  #failAsScripted(method: string): void {
    const index = this.#failures.findIndex((one) => one.method === method);
    if (index < 0) return;
    const scripted = this.#failures[index];
    scripted.left--;
    if (scripted.left <= 0) this.#failures.splice(index, 1);
    throw new RpcFailure(scripted.failure.code, scripted.failure.errorMessage);
  }

  #answer(method: Method, request: TlObject, caller: Caller): unknown {
    const world = this.#world;
    const authorization = world.authorizations.get(caller);
    const call: Call = { world, caller };
    const isBot = authorization?.account.isBot ?? false;
    if (isBot && (method.who === "users" || method.who === "anyone but bots")) {
      throw badRequest("BOT_METHOD_INVALID");
    }
    if (authorization !== undefined) authorization.active = world.now();
    // The schema has read the request by the method's name, so it is what that method takes.
    const params = request as unknown as Parameters<Method["answer"]>[0];
    if (method.who === "anyone" || method.who === "anyone but bots") {
      return method.answer(params, call);
    }
    if (authorization === undefined) throw signedOut(call);
    const signedIn: SignedInCall = { ...call, authorization, account: authorization.account };
    return method.answer(params, signedIn);
  }
}

function signedOut({ world, caller }: Call): RpcFailure {
  const passwordNeeded = world.authorizations.awaitingPassword(caller) !== undefined;
  return new RpcFailure(401, passwordNeeded ? "SESSION_PASSWORD_NEEDED" : "AUTH_KEY_UNREGISTERED");
}
