/**
 * The API of the offline Telegram, as a synchronous state machine: a request and its caller in, the
 * answer or a refusal out. https://core.telegram.org/methods
 *
 * It knows no sockets, no MTProto and no wrappers (invokeWithLayer, initConnection, …): the server
 * around it has those. The methods are in methods/, and the state that they change is in state/.
 */
import { checkFields } from "../../runtime/mod.ts";
import { type Api, apiSchema, type Schema, type TlObject } from "../../tl/mod.ts";
import { anyLayerSchema, fitAnswer, layerSchema, withOlderButtons } from "../layers/mod.ts";
import { sendDue } from "./actions/schedule.ts";
import type { Caller } from "./caller.ts";
import { badRequest, RpcFailure } from "./failure.ts";
import type { Call, Method, SignedInCall } from "./methods/method.ts";
import { METHODS } from "./methods/mod.ts";
import { documentObject, photoObject } from "./objects/media.ts";
import { dcOptionsUpdate } from "./objects/dc_options.ts";
import type { Account, AccountOptions, BotOptions } from "./state/account.ts";
import { HOME_DC } from "./state/directory.ts";
import { type NewFile, storedFile } from "./state/new_file.ts";
import type { Device } from "./state/authorizations.ts";
import type { DcAddress, OfflineOptions } from "./state/options.ts";
import { ServerState } from "./state/server_state.ts";

/** A refusal that a test orders. See {@linkcode OfflineApi.failNext}. */
export interface ScriptedFailure {
  /** For example 420. */
  readonly code: number;
  /** For example `FLOOD_WAIT_30`. */
  readonly message: string;
  /** The number of calls that are refused; 1 by default. */
  readonly times?: number;
  /** The number of calls that are carried out before; 0 by default. */
  readonly after?: number;
}

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
 * const caller = { dcId: 2, authKeyId: "00112233aabbccdd", sessionId: 1n, layer: 228 };
 * console.log(api.handle({ _: "help.getNearestDc" }, caller));
 * ```
 */
export class OfflineApi {
  /**
   * Receives the updates for all sessions of an auth key, an object of type `Updates` of layer 228.
   * The session whose call caused them is not among these: it learns of them by the answer.
   */
  onUpdates?: (authKeyId: string, updates: TlObject, exceptSession?: bigint) => void;
  readonly #state: ServerState;
  readonly #failures: {
    readonly method: string;
    readonly failure: RpcFailure;
    left: number;
    after: number;
  }[] = [];

  /**
   * Makes an API with its accounts, bots and data centers.
   *
   * @throws {TypeError} for accounts and bots that cannot exist, such as two with one number
   */
  constructor(options: OfflineOptions) {
    this.#state = new ServerState(options);
    this.#state.push = (authKeyId, updates, exceptSession) =>
      this.onUpdates?.(authKeyId, updates, exceptSession);
  }

  /**
   * Answers a request with a value of the method's type: an object, an array for a vector, a
   * boolean for `Bool`. Encode it with {@linkcode OfflineApi.schemaFor} the caller's layer, as the
   * method's `resultType` there. A method that waits for a bot returns a promise of the value.
   *
   * @throws {RpcFailure} for a refused request: send it as `rpc_error`
   */
  handle(request: TlObject, caller: Caller): unknown {
    sendDue(this.#state);
    this.#failAsScripted(request._);
    const method = METHODS.get(request._);
    if (this.isCdn(caller.dcId) && request._ !== "upload.getCdnFile") {
      throw badRequest("CDN_METHOD_INVALID");
    }
    // The method may exist on Telegram: an error is better than an invented answer.
    if (method === undefined) throw badRequest("METHOD_INVALID");
    const answer = this.#answer(method, request, caller);
    if (answer instanceof Promise) return answer.then((late) => fitAnswer(late, caller.layer));
    return fitAnswer(answer, caller.layer);
  }

  /** Whether a data center is a CDN. */
  isCdn(dcId: number): boolean {
    return dcId === this.#state.cdn.dcId;
  }

  /** Returns the schema that encodes answers and updates for a client of a layer. */
  schemaFor(layer: number): Schema {
    return layerSchema(layer);
  }

  /** Returns the schema that decodes requests: it reads those of every supported layer. */
  requestSchema(): Schema {
    return anyLayerSchema();
  }

  /**
   * Adds an account.
   *
   * @throws {TypeError} for a bad phone number, and for a number or an id that is in use
   */
  addAccount(options: AccountOptions): void {
    this.#state.directory.addAccount(options);
  }

  /**
   * Adds a bot.
   *
   * @throws {TypeError} for a malformed token, and for an id that is in use
   */
  addBot(options: BotOptions): void {
    this.#state.directory.addBot(options);
  }

  /** Sets the address on which a data center listens. */
  setDcAddress(id: number, host: string, port: number): void {
    this.setDcAddresses([{ id, host, port }]);
  }

  /** Sets the addresses of the data centers that are named. The others keep theirs. */
  setDcAddresses(addresses: readonly DcAddress[]): void {
    for (const [id, own] of Map.groupBy(addresses, ({ id }) => id)) this.#state.dcs.set(id, own);
  }

  /** Returns the update that tells clients of the addresses of all data centers. */
  dcOptionsUpdate(): TlObject {
    return dcOptionsUpdate(this.#state);
  }

  /** Returns the last code that went to a phone number; undefined before the first one. */
  lastCode(phone: string): string | undefined {
    return this.#state.codes.last(phone);
  }

  /** Returns the last code that went to an email address; undefined before the first one. */
  lastEmailCode(email: string): string | undefined {
    return this.#state.emailCodes.last(email);
  }

  /** Pays for the code of a number with a `codePrice`. `formId` is the id of the payment form. */
  payForCode(phone: string, formId: bigint): void {
    const account = this.#state.directory.byPhone(phone);
    if (account !== undefined) account.paidForm = formId;
  }

  /** Returns the devices of an account, found by its phone number, user id or bot token. */
  authorizations(who: string | bigint): readonly Device[] {
    const { directory, authorizations } = this.#state;
    const account = directory.find(who);
    if (account === undefined) return [];
    return authorizations.of(account).map(({ account: _, ...device }) => device);
  }

  /**
   * Signs an account, found by its phone number or user id, in to a website.
   *
   * @param botToken The token of the website's bot
   * @throws {TypeError} for an unknown account or bot
   */
  addWebsite(who: string | bigint, domain: string, botToken: string): void {
    const { directory, deviceSettings } = this.#state;
    const account = this.#account(who, `sign in to the website "${domain}"`);
    const bot = directory.byToken(botToken);
    if (bot === undefined) {
      throw new TypeError(
        `Cannot sign in to the website "${domain}": its bot does not exist. Add the bot first.`,
      );
    }
    deviceSettings.addWebsite(account, domain, bot.id);
  }

  /**
   * Returns a new web token of an account, as another client of the account receives it.
   *
   * @throws {TypeError} for an unknown account
   */
  webToken(who: string | bigint): string {
    return this.#state.webTokens.issue(this.#account(who, "issue a web token"));
  }

  /**
   * Signs an auth key in to an account, without code and password.
   *
   * @throws {TypeError} for an unknown account
   */
  signIn(who: string | bigint, caller: Caller): void {
    this.#state.authorizations.signIn(caller, this.#account(who, "sign in"));
  }

  /**
   * Carries out a request as an account, without a session: for those who play a person or a bot.
   * The answer is that of {@linkcode handle}, in layer 228.
   *
   * @throws {TypeError} for an unknown account
   * @throws {RpcFailure} for a refused request
   */
  act(who: string | bigint, request: TlObject): unknown {
    const account = this.#account(who, "act");
    sendDue(this.#state);
    const method = METHODS.get(request._);
    if (method === undefined) throw badRequest("METHOD_INVALID");
    const caller = { dcId: account.dcId, authKeyId: "", sessionId: 0n, layer: apiSchema().layer };
    const authorization = { hash: 0n, account, ...caller, created: 0, active: 0 };
    const params = request as unknown as Parameters<Method["answer"]>[0];
    return method.answer(params, { state: this.#state, caller, authorization, account });
  }

  /**
   * Receives the updates of an account as they happen, in full: no short forms, no `min` users.
   * Returns the function that ends this.
   *
   * @throws {TypeError} for an unknown account
   */
  watch(who: string | bigint, onUpdates: (updates: Api.updates) => void): () => void {
    const { id } = this.#account(who, "watch");
    const { watchers } = this.#state;
    const all = watchers.get(id) ?? new Set();
    watchers.set(id, all.add(onUpdates));
    return () => void all.delete(onUpdates);
  }

  /** Returns the user id of an account, found by its phone number, user id or bot token. */
  userId(who: string | bigint): bigint | undefined {
    return this.#state.directory.find(who)?.id;
  }

  /** Ends what waits: questions to bots are answered by `BOT_RESPONSE_TIMEOUT`. */
  close(): void {
    this.#state.ended.abort();
    this.#state.callbacks.end();
    this.#state.inlineQueries.end();
  }

  /** Signs an auth key out, because the key has been destroyed. */
  forgetAuthKey(dcId: number, authKeyId: string): void {
    this.#state.authorizations.forget({ dcId, authKeyId });
  }

  /** Whether a method is for users who are signed in. */
  needsUser(method: string): boolean {
    const { callers = "anyone" } = METHODS.get(method) ?? {};
    return callers !== "anyone" && callers !== "anyone but bots";
  }

  /** Whether the caller's auth key is signed in. */
  isSignedIn(caller: Caller): boolean {
    return this.#state.authorizations.get(caller) !== undefined;
  }

  /** Ends the sign-in of the caller for good: none of its auth keys can be used again. */
  voidAuthKeys(caller: Caller): void {
    this.#state.authorizations.void(caller);
  }

  /** Whether {@linkcode OfflineApi.voidAuthKeys} ended the sign-in of the caller. */
  isVoid(caller: Caller): boolean {
    return this.#state.authorizations.isVoid(caller);
  }

  /**
   * Refuses the next calls of a method, from any caller, before any other check.
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
    checkFields(`refuse ${method}`, failure, ["code", "message", "times", "after"]);
    const { code, message, times = 1, after = 0 } = failure;
    this.#failures.push({ method, failure: new RpcFailure(code, message), left: times, after });
  }

  /**
   * Puts a file onto the server, without an upload. Its bytes may be made when they are read, so
   * that a file can be larger than the memory.
   *
   * @returns the photo or document, as messages have it
   * @throws {TypeError} for a photo that is no image, and for a file without bytes
   * @example
   * ```ts
   * import { OfflineTelegram } from "@tessera/mtproto/testing";
   *
   * await using telegram = new OfflineTelegram();
   * const size = 2 * 1024 ** 3;
   * const at = (offset: number, length: number) => new Uint8Array(length).fill(offset / 4096);
   * const document = telegram.api.addFile({ size, at, name: "film.mp4", mime: "video/mp4" });
   * console.log(document._); // document
   * ```
   */
  addFile(file: NewFile & { readonly as: "photo" }): Api.photo;
  /** Puts a document onto the server. */
  addFile(file: NewFile & { readonly as?: "document" }): Api.document;
  /** Puts a photo or document onto the server. */
  addFile(file: NewFile): Api.photo | Api.document;
  addFile(file: NewFile): Api.photo | Api.document {
    checkFields("add a file", file);
    const { files, directory } = this.#state;
    const { dcId = directory.all()[0]?.dcId ?? HOME_DC } = file;
    const stored = files.add(storedFile(file, dcId));
    return stored.kind === "photo" ? photoObject(stored, files) : documentObject(stored, files);
  }

  /**
   * Returns all bytes of a photo or document, wherever it is.
   *
   * @throws {TypeError} for an unknown id
   */
  fileBytes(id: bigint): Uint8Array {
    const { bytes } = this.#state.files.known(id, "read");
    return bytes.read(0, bytes.size).slice();
  }

  /** Makes the file references void that clients have received so far. */
  expireFileReferences(): void {
    this.#state.files.expireReferences();
  }

  /**
   * Moves a photo or document to another data center. Messages that were sent before name the old
   * one, which answers `FILE_MIGRATE_X`.
   *
   * @throws {TypeError} for an unknown id
   */
  moveFile(id: bigint, dcId: number): void {
    this.#state.files.move(id, dcId);
  }

  /**
   * Lets the CDN give out a photo or document, as Telegram does for files of large channels.
   * Clients that support CDNs are sent there.
   */
  serveByCdn(id: bigint): void {
    this.#state.cdn.add(this.#state.files.known(id, "give out").id);
  }

  /** Makes the tokens void that clients have received for files of the CDN. */
  expireCdnTokens(): void {
    this.#state.cdn.expire();
  }

  /** Lets the CDN lose its copies of files: clients must have them uploaded again. */
  loseCdnFiles(): void {
    this.#state.cdn.lose();
  }

  /** Forgets an uploaded part that was not sent yet: `FILE_PART_X_MISSING`. */
  dropUploadedPart(who: string | bigint, fileId: bigint, part: number): void {
    this.#state.files.dropPart(this.#account(who, "drop a part").id, fileId, part);
  }

  #account(who: string | bigint, task: string): Account {
    const account = this.#state.directory.find(who);
    if (account !== undefined) return account;
    throw new TypeError(`Cannot ${task}: the account does not exist. Add the account first.`);
  }

  #failAsScripted(method: string): void {
    const index = this.#failures.findIndex((one) => one.method === method);
    if (index < 0) return;
    const scripted = this.#failures[index];
    if (scripted.after > 0) {
      scripted.after--;
      return;
    }
    scripted.left--;
    if (scripted.left <= 0) this.#failures.splice(index, 1);
    throw new RpcFailure(scripted.failure.code, scripted.failure.errorMessage);
  }

  #answer(method: Method, request: TlObject, caller: Caller): unknown {
    const state = this.#state;
    const authorization = state.authorizations.get(caller);
    const call: Call = { state, caller };
    const isBot = authorization?.account.isBot ?? false;
    if (isBot && (method.callers === "users" || method.callers === "anyone but bots")) {
      throw badRequest("BOT_METHOD_INVALID");
    }
    if (authorization !== undefined) authorization.active = state.nowSeconds();
    // The schema has read the request by the method's name, so the parameters are the method's.
    const params = withOlderButtons(request) as unknown as Parameters<Method["answer"]>[0];
    if (method.callers === "anyone" || method.callers === "anyone but bots") {
      return method.answer(params, call);
    }
    if (authorization === undefined) throw signedOut(call);
    const signedIn: SignedInCall = { ...call, authorization, account: authorization.account };
    return method.answer(params, signedIn);
  }
}

function signedOut({ state, caller }: Call): RpcFailure {
  const passwordNeeded = state.authorizations.awaitingPassword(caller) !== undefined;
  return new RpcFailure(401, passwordNeeded ? "SESSION_PASSWORD_NEEDED" : "AUTH_KEY_UNREGISTERED");
}
