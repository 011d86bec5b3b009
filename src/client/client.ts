/**
 * The client: what a program holds. Each method is one line over a function that takes the account;
 * the functions are in auth/ and messages/. To add a method, write its function there and its line
 * here.
 */
import {
  type Asker,
  botSignIn,
  type Devices,
  type DeviceSession,
  devicesOf,
  type EmailProof,
  getMe,
  type InteractiveOptions,
  isAuthorized,
  type LoginAnswers,
  type LoginToken,
  type MethodCall,
  type NewAccount,
  type Passkeys,
  passkeysOf,
  passwordOf,
  type PasswordRecovery,
  type PasswordSettings,
  type PasswordToken,
  personSteps,
  QrLogin,
  type QrLoginOptions,
  type RecoveredPassword,
  type SentEmailCode,
  signOut,
  type SignUpToken,
  start,
  type StepOptions,
  type User,
} from "../auth/mod.ts";
import {
  type DeleteOptions,
  type Dialog,
  type DialogOptions,
  type EditOptions,
  type ForwardOptions,
  type HistoryOptions,
  loadChats,
  type Message,
  type MessageLike,
  type OutgoingMessage,
  type PeerInfo,
  type PeerLike,
  type ReadOptions,
  sendMessage,
  type SendOptions,
  type TextLike,
  type Update,
} from "../messages/mod.ts";
import type { ConnectionStatus } from "../connection/mod.ts";
import {
  type AlbumItem,
  download,
  type Downloadable,
  type DownloadOptions,
  type FileLocation,
  files,
  type FileSource,
  type ProfilePhotoOptions,
  type SendableFile,
  type SendFileOptions,
  type UploadedFile,
  type UploadOptions,
} from "../files/mod.ts";
import { type Lazy, ownCopy } from "../runtime/mod.ts";
import { defaultSession, type Session } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import { Account } from "./account.ts";
import {
  applicationOf,
  checkedAnswers,
  checkedOptions,
  checkHandler,
  checkSession,
  isName,
} from "./arguments.ts";
import { type ClientOptions, type InvokeOptions, settingsOf } from "./options.ts";
import { explained, isDcId, isUnderstood, refuse } from "./request_check.ts";
import type { HandlerOptions, UpdateEvents, UpdateHandler } from "./updates/consumers.ts";
import type { OpenChat } from "./updates/open_chats.ts";

/**
 * A client of Telegram: signs in, and calls its methods.
 *
 * @example Sign in as a bot, without the network
 * ```ts
 * import { Client, StringSession } from "@tessera/mtproto";
 * import { OfflineTelegram } from "@tessera/mtproto/testing";
 *
 * await using telegram = new OfflineTelegram();
 * const { apiId, apiHash, clientOptions } = telegram;
 * await using client = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
 * await client.start({ botAuthToken: "777:TESTTOKEN" });
 * console.log((await client.getMe())?.username); // test_777_bot
 * ```
 */
export class Client<S extends Session = Session> implements AsyncDisposable {
  /** The session; `client.session.save()` returns the string of a `StringSession`. */
  readonly session: S;
  readonly #account: Account;

  /**
   * Makes a client that is not connected yet.
   *
   * @param session where the session is kept: a path, or `new StringSession(text)`,
   * `new MemorySession()`, or a session class of your own. A path is a SQLite file on Deno, Node
   * and Bun (`.session` is appended unless it ends in `.session`, `.db` or `.sqlite`), and a name
   * in IndexedDB in a browser
   * @param apiId the application's id, from https://my.telegram.org; also as text, as from the
   * environment
   * @param apiHash the application's hash, from the same page: 32 hexadecimal digits
   * @throws {TypeError} if one of them has a wrong form
   */
  constructor(
    session: S | string | URL,
    apiId: number | string,
    apiHash: string,
    options: ClientOptions = {},
  ) {
    checkSession(session);
    const application = applicationOf(apiId, apiHash);
    // With a name, S is not inferred from an argument: it is Session.
    this.session = isName(session) ? defaultSession(session) as S : session;
    this.#account = new Account(this.session, application, settingsOf(application.apiId, options));
  }

  /** Makes a client and connects it: `await using client = await Client.open(…)`. */
  static async open<S extends Session = Session>(
    session: S | string | URL,
    apiId: number | string,
    apiHash: string,
    options?: ClientOptions,
  ): Promise<Client<S>> {
    const client = new Client(session, apiId, apiHash, options);
    try {
      await client.connect();
    } catch (error) {
      await client.disconnect(); // the caller does not get the client, and cannot do it
      throw error;
    }
    return client;
  }

  /** Whether the client is connected to Telegram right now. */
  get connected(): boolean {
    return this.#account.connected;
  }

  /**
   * The state of the connection to Telegram, with the reason and the time of the next attempt while
   * there is none. `on("status", …)` tells of each change.
   */
  get status(): ConnectionStatus {
    return this.#account.status;
  }

  /**
   * Calls `listener` with each change of the connection to Telegram. Returns a function that ends
   * this.
   *
   * @example Tell people why nothing happens
   * ```ts
   * import { Client, StringSession } from "@tessera/mtproto";
   * import { OfflineTelegram } from "@tessera/mtproto/testing";
   *
   * await using telegram = new OfflineTelegram();
   * const { apiId, apiHash, clientOptions } = telegram;
   * await using client = new Client(new StringSession(), apiId, apiHash, clientOptions);
   * const states: string[] = [];
   * const off = client.on("status", (status) => {
   *   states.push(status.state);
   *   if (status.state === "waiting") console.log(`${status.reason.message} (${status.retryAt})`);
   * });
   * await client.connect();
   * console.log(states.join(), client.status.state); // connecting,connected connected
   * off();
   * ```
   */
  on(event: "status", listener: (status: ConnectionStatus) => void): () => void;
  /**
   * Calls `handler` with each update of an event: `"message"`, `"edit"`, `"delete"`, `"callback"`,
   * `"inlineQuery"`, `"gap"` or `"raw"`. The client connects, and stays connected. The next update
   * comes when all handlers have settled; an error of a handler is logged, or uncaught. Returns a
   * function that takes the handler off.
   *
   * @example An echo bot
   * ```ts
   * import { Client, StringSession } from "@tessera/mtproto";
   * import { OfflineTelegram } from "@tessera/mtproto/testing";
   *
   * await using telegram = new OfflineTelegram();
   * const { apiId, apiHash, clientOptions } = telegram;
   * await using client = new Client(new StringSession(), apiId, apiHash, clientOptions);
   * client.on("message", (message) => message.reply(message.text));
   * await client.start({ botAuthToken: "777:TESTTOKEN" });
   * // await client.closed; // in a program of its own: it runs until something ends it
   * ```
   */
  on<K extends keyof UpdateEvents>(
    event: K,
    handler: UpdateHandler<K>,
    options?: HandlerOptions,
  ): () => void;
  on<K extends keyof UpdateEvents>(
    event: K | "status",
    handler: UpdateHandler<K> | ((status: ConnectionStatus) => void),
    options?: HandlerOptions,
  ): () => void {
    checkHandler(event, handler, options);
    return event === "status"
      ? this.#account.onStatus(handler as (status: ConnectionStatus) => void)
      : this.#account.receiver.consumers.on(event, handler as UpdateHandler<K>, options);
  }

  /**
   * Yields the updates as they come, and first those that came since the session received the last
   * ones. Connects, and stays connected. An update is consumed when the loop asks for the next one:
   * a program that dies before gets it again. The loop ends when the client is disconnected.
   *
   * @throws {RpcError} when Telegram has ended the session
   * @throws {TypeError} if another loop takes the updates, or a handler that begins the loop waits
   * for it
   * @example
   * ```ts
   * import type { Client } from "@tessera/mtproto";
   *
   * async function greet(client: Client, signal: AbortSignal): Promise<void> {
   *   for await (const update of client.updates({ signal })) {
   *     if (update.kind === "message") await update.message.reply("Hi");
   *   }
   * }
   * ```
   */
  updates(options?: StepOptions): AsyncGenerator<Update, void, undefined> {
    return this.#account.receiver.updates(options);
  }

  /**
   * Yields the updates that came since the session received the last ones, and ends: for programs
   * that run for a moment at a time. The session must have a place for it: a string has none.
   *
   * @throws {TypeError} if nobody is signed in, the session has no place, or a handler that begins
   * the loop waits for it
   */
  catchUp(options?: StepOptions): AsyncGenerator<Update, void, undefined> {
    return this.#account.receiver.catchUp(options);
  }

  /**
   * Watches a channel or supergroup, until the result is closed or `signal` aborts. Telegram pushes
   * the updates of big ones late, and none of those that the account has not joined: while such a
   * chat is open, the client asks for them. They come to the handlers and loops of the client; the
   * other chats need no watching. At most ten are asked about at a time, in the order of opening.
   *
   * @param chat `"me"`, a username, a link, an id, or an object that has a peer
   * @throws {TypeError} if the chat is not known
   * @example
   * ```ts
   * import type { Client } from "@tessera/mtproto";
   *
   * async function firstNews(client: Client): Promise<string> {
   *   using _watching = await client.openChat("@telegram");
   *   for await (const update of client.updates()) {
   *     if (update.kind === "message") return update.message.text;
   *   }
   *   return "";
   * }
   * ```
   */
  openChat(chat: PeerLike, options?: StepOptions): Promise<OpenChat> {
    return this.#account.receiver.openChat(chat, options);
  }

  /**
   * Resolves when the client is disconnected or signed out, or rejects with the error that ended
   * it: `await client.closed` keeps a bot running. The next `connect()` or sign-in begins anew.
   */
  get closed(): Promise<void> {
    return this.#account.closed;
  }

  /**
   * Says that the network has changed: open connections must prove that they live, and a lost one
   * is tried at once. Sleep, and the `online` event of browsers, are noticed without it.
   */
  networkChanged(): void {
    this.#account.networkChanged();
  }

  /**
   * Loads the session and connects to its home data center; does nothing if that is done. It does
   * not sign in.
   *
   * @throws {ConnectionError} if Telegram cannot be reached
   * @throws {SessionError} if the session cannot be read, or another program uses it
   */
  async connect(options?: StepOptions): Promise<void> {
    await this.#account.connect(checkedOptions("connect", options));
  }

  /**
   * Saves the session and disconnects; calls that wait fail. Afterwards the client does not keep
   * the process alive.
   */
  disconnect(): Promise<void> {
    return this.#account.close();
  }

  /** Calls {@linkcode disconnect}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  /**
   * Signs in with answers: values, or functions that are called when a step needs them. Connects
   * first. Returns the user at once if one is signed in already. It waits until another
   * `start()` of this client has ended.
   *
   * @throws {SignInError} if an answer is wrong and cannot be asked for again; `otherAccount` if
   * another account than that of the phone number or token is signed in; `sessionRevoked` if the
   * sign-in was ended: another call signs in again
   * @throws {LoginCancelledError} if `onError` stops the sign-in, or another sign-in of this client
   * was faster, as by QR code
   */
  async start(answers: LoginAnswers): Promise<User> {
    return await start(this.#account, checkedAnswers(answers));
  }

  /**
   * Signs in by asking at the terminal, or by `ask`, for the answers. With `qr: true` it draws a QR
   * code, which the person scans with a device that is signed in. Connects first.
   *
   * @param phoneOrToken a phone number or a bot token; asked for by default
   * @throws {SignInError} if a given answer is wrong, or a typed one too often
   * @example By a QR code
   * ```ts
   * import { Client } from "@tessera/mtproto";
   *
   * async function signIn(client: Client): Promise<string> {
   *   return (await client.interactiveLogin(undefined, { qr: true })).firstName;
   * }
   * ```
   */
  interactiveLogin(
    phoneOrToken?: string,
    options: InteractiveOptions & { ask?: Asker } = {},
  ): Promise<User> {
    return personSteps.interactiveLogin(this.#account, phoneOrToken, options);
  }

  /**
   * Signs in as a bot. Connects first. Telegram is not asked to sign in again if the session is
   * that bot's already.
   *
   * @param token the token from @BotFather
   * @throws {SignInError} `botTokenInvalid`, `apiIdInvalid`, `flood` and others
   */
  async botSignIn(token: string, options?: StepOptions): Promise<User> {
    return await botSignIn(this.#account, token, checkedOptions("sign in", options));
  }

  /**
   * Has Telegram send a login code: the first step of a person's sign-in. `deliveredBy` of the
   * token names where the code went, or why none was sent: `"emailSetUpRequired"`,
   * `"paymentRequired"` or `"notNeeded"`.
   *
   * @param phone the phone number in international form, as people write it: spaces, hyphens and
   * brackets do not matter
   * @throws {SignInError} `phoneInvalid`, `phoneBanned`, `apiIdInvalid`, `flood`, `appOutdated` or
   * `codeNotSent`
   */
  requestLoginCode(phone: string | number | bigint, options?: StepOptions): Promise<LoginToken> {
    return personSteps.requestLoginCode(this.#account, phone, options);
  }

  /**
   * Signs in with the code. Returns the user, or a token for what is missing: its `kind` is
   * `"password"` or `"signUp"`. If the code went by email, an identity token of Apple or Google can
   * take its place, if `delivery` allows it.
   *
   * @throws {SignInError} `codeInvalid`, `codeExpired`, `codeEmpty`, `flood`, `restartNeeded`,
   * `emailSetUpRequired` or `paymentRequired`
   */
  signIn(
    token: LoginToken,
    code: EmailProof,
    options?: StepOptions,
  ): Promise<User | PasswordToken | SignUpToken> {
    return personSteps.signIn(this.#account, token, code, options);
  }

  /**
   * Goes on with a sign-in that was begun earlier, in this process or another one. The session must
   * be the one that asked for the code. Connects first.
   *
   * @param saved the text that `token.save()` returned
   * @throws {SignInError} `otherSession` if the session is another one, `savedTokenInvalid`
   * @example
   * ```ts
   * import { Client, StringSession } from "@tessera/mtproto";
   * import { OfflineTelegram } from "@tessera/mtproto/testing";
   *
   * await using telegram = new OfflineTelegram();
   * const { apiId, apiHash, clientOptions } = telegram;
   * const first = await Client.open(new StringSession(), apiId, apiHash, clientOptions);
   * const saved = (await first.requestLoginCode("+9996621111")).save();
   * const session = first.session.save();
   * await first.disconnect();
   *
   * // Minutes later, in another process:
   * await using client = new Client(new StringSession(session), apiId, apiHash, clientOptions);
   * const token = await client.resumeLogin(saved);
   * if (token.kind === "login") console.log((await client.signIn(token, "22222")).kind); // user
   * ```
   */
  resumeLogin(
    saved: string,
    options?: StepOptions,
  ): Promise<LoginToken | PasswordToken | SignUpToken> {
    return personSteps.resumeLogin(this.#account, saved, options);
  }

  /**
   * Has the code sent again, by the way that `nextBy` of the token names, after `timeout` seconds
   * at the earliest. The new token replaces the old one.
   *
   * @throws {SignInError} `codeNotSent` if there is no way left, `codeExpired` if it is too late,
   * `flood` and others
   */
  resendCode(token: LoginToken, options?: StepOptions): Promise<LoginToken> {
    return personSteps.resendCode(this.#account, token, options);
  }

  /**
   * Voids the code: nobody can sign in with it any more.
   *
   * @throws {SignInError} `codeExpired` if it was void already, and others
   */
  cancelCode(token: LoginToken, options?: StepOptions): Promise<void> {
    return personSteps.cancelCode(this.#account, token, options);
  }

  /**
   * Reports to Telegram that the SMS never came.
   *
   * @param mnc the mobile network code of the operator, two or three digits
   * @throws {SignInError} `phoneInvalid` and others
   */
  reportMissingCode(token: LoginToken, mnc: string, options?: StepOptions): Promise<void> {
    return personSteps.reportMissingCode(this.#account, token, mnc, options);
  }

  /**
   * Goes on after the code was paid for, when `deliveredBy` is `"paymentRequired"`. The new token
   * asks for the payment again if Telegram has not got it yet.
   *
   * @param formId the number of the payment form
   * @throws {SignInError} `phoneInvalid` and others
   */
  checkPaidCode(token: LoginToken, formId: bigint, options?: StepOptions): Promise<LoginToken> {
    return personSteps.checkPaidCode(this.#account, token, formId, options);
  }

  /**
   * Goes on when `deliveredBy` is `"emailSetUpRequired"`: has a code sent to the address that is to
   * be the login email. {@linkcode verifyLoginEmail} takes that code.
   *
   * @throws {SignInError} `emailInvalid`, `emailNotAllowed`, `codeExpired`, `flood` and others
   */
  setUpLoginEmail(
    token: LoginToken,
    email: string,
    options?: StepOptions,
  ): Promise<SentEmailCode> {
    return personSteps.setUpLoginEmail(this.#account, token, email, options);
  }

  /**
   * Proves the address with the code that was sent there, or with an identity token of Apple or
   * Google. Telegram then sends the login code there: the new token replaces the old one.
   *
   * @throws {SignInError} `codeInvalid`, `codeExpired`, `codeEmpty`, `emailNotAllowed` and others
   */
  verifyLoginEmail(
    token: LoginToken,
    code: EmailProof,
    options?: StepOptions,
  ): Promise<LoginToken> {
    return personSteps.verifyLoginEmail(this.#account, token, code, options);
  }

  /**
   * Has Telegram reset a login email that cannot be reached, so that codes go to the phone again.
   * The new token's `delivery` has the date of the reset, unless a code was sent at once.
   *
   * @throws {SignInError} `emailResetPending` if it was requested before, `emailNotSetUp` and
   * others
   */
  resetLoginEmail(token: LoginToken, options?: StepOptions): Promise<LoginToken> {
    return personSteps.resetLoginEmail(this.#account, token, options);
  }

  /**
   * Makes an account for a phone number that has none, and signs in to it, after the person
   * accepted the terms of service.
   *
   * @throws {SignInError} `nameInvalid`, `termsNotAccepted`, `phoneOccupied`, `codeExpired`,
   * `flood` and others
   */
  signUp(token: SignUpToken, account: NewAccount, options?: StepOptions): Promise<User> {
    return personSteps.signUp(this.#account, token, account, options);
  }

  /**
   * Signs in with the 2FA password. The password itself is not sent, only a proof of it.
   *
   * @throws {SignInError} `passwordInvalid`, `passwordEmpty`, `flood` and others
   * @throws {SecurityError} if the server's parameters are unsafe
   */
  checkPassword(token: PasswordToken, password: string, options?: StepOptions): Promise<User> {
    return personSteps.checkPassword(this.#account, token, password, options);
  }

  /**
   * Has a code sent to the recovery email, when the 2FA password is forgotten.
   * {@linkcode recoverPassword} takes it.
   *
   * @throws {SignInError} `recoveryUnavailable` if there is no such email, `passwordNotSet`,
   * `flood` and others
   */
  requestPasswordRecovery(token: PasswordToken, options?: StepOptions): Promise<PasswordRecovery> {
    return personSteps.requestPasswordRecovery(this.#account, token, options);
  }

  /**
   * Checks the recovery code before a new password is asked for. The code stays good.
   *
   * @throws {SignInError} `codeInvalid`, `codeExpired`, `codeEmpty`, `flood` and others
   */
  checkRecoveryCode(code: string, options?: StepOptions): Promise<void> {
    return personSteps.checkRecoveryCode(this.#account, code, options);
  }

  /**
   * Signs in with the recovery code in the place of the 2FA password, which is replaced or removed.
   *
   * @throws {SignInError} `codeInvalid`, `codeExpired`, `codeEmpty`, `passwordSettingsInvalid`,
   * `flood` and others
   * @throws {SecurityError} if the server's parameters are unsafe
   */
  recoverPassword(
    token: PasswordToken,
    code: string,
    recovered?: RecoveredPassword,
    options?: StepOptions,
  ): Promise<User> {
    return personSteps.recoverPassword(this.#account, token, code, recovered, options);
  }

  /**
   * Signs in by QR code: iterate over it for the codes to show, then await its `result`. It may run
   * beside `start()` or single steps. The first that succeeds ends a `start()` or a QR login that
   * still waits: that one rejects with a `LoginCancelledError`.
   */
  qrLogin(options?: QrLoginOptions): QrLogin {
    return new QrLogin(this.#account, options);
  }

  /**
   * Approves the QR code of another device, which is then signed in as the user of this client.
   * Returns that device.
   *
   * @param urlOrToken the text of the QR code (`tg://login?token=…`), or the token in it
   * @throws {SignInError} `qrInvalid`, `qrExpired`, `qrUsed`, `qrRefused`, `signedOut` and others
   */
  acceptQr(urlOrToken: string | Uint8Array, options?: StepOptions): Promise<DeviceSession> {
    return personSteps.acceptQr(this.#account, urlOrToken, options);
  }

  /**
   * Signs in with a token that another client of the account was given for a website. Returns the
   * user, or a token if the account has a 2FA password.
   *
   * @throws {SignInError} `webTokenExpired`, `apiIdInvalid` and others
   */
  webTokenSignIn(token: string, options?: StepOptions): Promise<User | PasswordToken> {
    return personSteps.webTokenSignIn(this.#account, token, options);
  }

  /** Whether a user is signed in. False only if Telegram answers so; any other error is thrown. */
  async isAuthorized(options?: StepOptions): Promise<boolean> {
    return await isAuthorized(this.#account, checkedOptions("ask who is signed in", options));
  }

  /**
   * Returns the user who is signed in; undefined if nobody is.
   *
   * @throws {SignInError} `sessionRevoked` or `accountDeactivated` if a sign-in was ended
   */
  async getMe(options?: StepOptions): Promise<User | undefined> {
    return await getMe(this.#account, checkedOptions("ask who is signed in", options));
  }

  /** Signs out. The session is void afterwards. Does nothing if nobody is signed in. */
  async signOut(options?: StepOptions): Promise<void> {
    await signOut(this.#account, checkedOptions("sign out", options));
  }

  /** The 2FA password of the account: set, change and remove it. */
  get password(): Lazy<PasswordSettings> {
    return passwordOf(this.#account);
  }

  /**
   * The passkeys of the account: sign in with one, make, list and delete them.
   *
   * @experimental Telegram refuses passkeys of other origins than its own today.
   */
  get passkeys(): Lazy<Passkeys> {
    return passkeysOf(this.#account);
  }

  /** The devices and websites on which the account is signed in: list, end and confirm them. */
  get devices(): Lazy<Devices> {
    return devicesOf(this.#account);
  }

  /**
   * Sends a text, once, after the texts that were sent before to the same chat. A chat is the same
   * if it is named in the same way, or the peer was seen since the client was made.
   *
   * @param to `"me"`, a username, a link, a phone number, an id, or an object that has a peer
   * @param message a text; or one with formatted parts, as the templates of
   * `@tessera/mtproto/text` make
   * @throws {UncertainSendError} if it may have been sent: the answer did not come
   * @throws {RpcError} if Telegram refuses it
   * @throws {ConnectionError} if it did not go out
   * @throws {TypeError} if the peer is not known, or something that was passed is not understood
   */
  sendMessage(to: PeerLike, message: OutgoingMessage, options?: SendOptions): Promise<Message> {
    return sendMessage(this.#account, to, ownCopy(message), ownCopy(options));
  }

  /** Sends two to ten files as an album. Returns the messages with them. */
  sendFile(
    to: PeerLike,
    album: readonly AlbumItem[],
    options?: SendFileOptions,
  ): Promise<readonly Message[]>;
  /**
   * Sends a file to a user, bot, group or channel: bytes, a `Blob` or `File`, a stream, a
   * `Response`, a URL, a path (in Deno, Node and Bun), an uploaded file, or a message with media.
   * An array is an album. Photos and videos are shown as such. It is never read whole.
   *
   * @throws {TypeError} for a source or an option that is not understood
   * @throws {RangeError} for a file that is empty or too large
   * @throws {RpcError} if Telegram refuses it
   * @throws {UncertainSendError} if it is not known whether it was sent
   * @example
   * ```ts
   * import { Client, StringSession } from "@tessera/mtproto";
   * import { OfflineTelegram } from "@tessera/mtproto/testing";
   *
   * await using telegram = new OfflineTelegram();
   * const { apiId, apiHash, clientOptions } = telegram;
   * await using client = new Client(new StringSession(), apiId, apiHash, clientOptions);
   * await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
   * const bytes = new TextEncoder().encode("Hello!");
   * const sent = await client.sendFile("me", bytes, { name: "hello.txt", caption: "A file" });
   * console.log(await new Response(client.download(sent)).text()); // Hello!
   * ```
   */
  sendFile(to: PeerLike, file: SendableFile, options?: SendFileOptions): Promise<Message>;
  sendFile(
    to: PeerLike,
    file: SendableFile | readonly AlbumItem[],
    options: SendFileOptions = {},
  ): Promise<Message | readonly Message[]> {
    return Array.isArray(file)
      ? files.sendAlbum(this.#account, to, ownCopy(file as readonly AlbumItem[]), ownCopy(options))
      : files.sendFile(this.#account, to, file as SendableFile, ownCopy(options));
  }

  /** Uploads a file without sending it: `sendFile` sends the result, to many chats if need be. */
  upload(source: FileSource, options: UploadOptions = {}): Promise<UploadedFile> {
    return files.upload(this.#account, source, ownCopy(options));
  }

  /**
   * Returns the bytes of the media of a message, a photo or a document as a stream. They are asked
   * for as they are read: `new Response(stream)`, `Deno.writeFile(path, stream)`,
   * `stream.pipeTo(…)`.
   */
  download(media: Downloadable, options: DownloadOptions = {}): ReadableStream<Uint8Array> {
    return download(this.#account, media, options);
  }

  /**
   * Returns where the photo of a user, bot, group or channel is, for {@linkcode download};
   * undefined if there is none.
   */
  profilePhoto(
    peer: PeerLike,
    options: ProfilePhotoOptions = {},
  ): Promise<FileLocation | undefined> {
    return files.profilePhoto(this.#account, peer, options);
  }

  /** Replaces the text of a message of one's own. Returns the message as it is then. */
  async editMessage(
    chat: PeerLike,
    message: MessageLike,
    text: TextLike,
    options?: EditOptions,
  ): Promise<Message> {
    const own = [ownCopy(text), ownCopy(options)] as const;
    return await (await loadChats()).editMessage(this.#account, chat, message, ...own);
  }

  /** Deletes messages, for everybody in the chat if that is possible. */
  async deleteMessages(
    chat: PeerLike,
    messages: MessageLike | readonly MessageLike[],
    options?: DeleteOptions,
  ): Promise<void> {
    const own = [ownCopy(messages), ownCopy(options)] as const;
    await (await loadChats()).deleteMessages(this.#account, chat, ...own);
  }

  /** Forwards messages of one chat to another. Returns them as they are there, in their order. */
  async forwardMessages(
    from: PeerLike,
    messages: MessageLike | readonly MessageLike[],
    to: PeerLike,
    options?: ForwardOptions,
  ): Promise<readonly Message[]> {
    const [own, rest] = [ownCopy(messages), ownCopy(options)];
    const { forwardMessages } = await loadChats();
    return await forwardMessages(this.#account, from, own, to, rest);
  }

  /** Marks the messages of a chat as read, all or up to one of them. */
  async markRead(chat: PeerLike, options?: ReadOptions): Promise<void> {
    const own = ownCopy(options);
    await (await loadChats()).markRead(this.#account, chat, own);
  }

  /**
   * Yields the messages of a chat, the newest first. It asks Telegram for the next hundred when
   * they are needed. Bots have no history: they pass `ids`.
   *
   * @example
   * ```ts
   * import type { Client } from "@tessera/mtproto";
   *
   * async function search(client: Client, chat: string): Promise<string[]> {
   *   const texts: string[] = [];
   *   for await (const message of client.messages(chat, { search: "tea", limit: 10 })) {
   *     texts.push(message.text);
   *   }
   *   return texts;
   * }
   * ```
   */
  async *messages(
    chat: PeerLike,
    options?: HistoryOptions,
  ): AsyncGenerator<Message, void, undefined> {
    yield* (await loadChats()).messages(this.#account, chat, options);
  }

  /** Yields the chats of the account, the one with the newest message first. Bots have no list. */
  async *dialogs(options?: DialogOptions): AsyncGenerator<Dialog, void, undefined> {
    yield* (await loadChats()).dialogs(this.#account, options);
  }

  /**
   * Returns a peer with its title, username and kind, as they are now.
   *
   * @param name `"me"`, a username, a link, a phone number, an id, or an object that has a peer
   * @throws {TypeError} if the peer is not known
   */
  async peer(name: PeerLike, options?: StepOptions): Promise<PeerInfo> {
    return await (await loadChats()).findPeer(this.#account, name, options);
  }

  /**
   * Calls any method of the API: https://core.telegram.org/methods. With `dcId` it calls that data
   * center instead of the account's own, as the user who is signed in.
   *
   * @throws {RpcError} if Telegram answers with an error
   * @throws {TypeError} if there is no such method, or the request has a field that there is not
   * @throws {TlError} if a value does not fit the schema
   * @example
   * ```ts
   * import type { Client } from "@tessera/mtproto";
   *
   * async function country(client: Client): Promise<string> {
   *   return (await client.invoke({ _: "help.getNearestDc" })).country;
   * }
   * ```
   */
  async invoke<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    options: InvokeOptions = {},
  ): Promise<Api.Methods[M]["result"]> {
    const { dcId, signal } = checkedOptions("call a method", options, ["dcId"]) ?? {};
    if (!isUnderstood(request) || !isDcId(dcId)) return await refuse(request, dcId);
    try {
      return dcId === undefined
        ? await this.#account.invoke(request, { signal })
        : await this.#account.invokeAt(dcId, request, { signal });
    } catch (error) {
      throw await explained(error, request);
    }
  }

  // The names that GramJS has for methods above.

  /** Calls {@linkcode disconnect}, which GramJS names so. */
  destroy(): Promise<void> {
    return this.disconnect();
  }

  /** Calls {@linkcode isAuthorized}, which GramJS names so. */
  checkAuthorization(options?: StepOptions): Promise<boolean> {
    return this.isAuthorized(options);
  }

  /**
   * Calls {@linkcode start} with `qrCode`, which GramJS names so. The credentials are the client's
   * own.
   */
  signInUserWithQrCode(
    _credentials: { apiId: number; apiHash: string },
    answers: LoginAnswers & Required<Pick<LoginAnswers, "qrCode">>,
  ): Promise<User> {
    return this.start({ ...answers, phoneNumber: undefined, botAuthToken: undefined });
  }
}

/** {@linkcode Client}, by the name that GramJS has for it: the same class. */
export { Client as TelegramClient };
