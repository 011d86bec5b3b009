/**
 * The client: what a program holds. Each method is one line over a function that takes the account; the functions are in auth/
 * and messages/. To add a method, write its function there and its line here.
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
  type OutgoingMessage,
  type PeerLike,
  sendMessage,
  type SentMessage,
} from "../messages/mod.ts";
import type { Lazy } from "../runtime/mod.ts";
import { defaultSession, type Session } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";
import { Account } from "./account.ts";
import { checkArguments, isName } from "./arguments.ts";
import { type ClientOptions, type InvokeOptions, settingsOf } from "./options.ts";

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
  /** Where the session is kept; `client.session.save()` is the string of a `StringSession`. */
  readonly session: S;
  readonly #account: Account;

  /**
   * A client that is not connected yet.
   *
   * @param session where to keep the session: a path (`.session` is appended unless it has a suffix), or
   * `new StringSession(text)`, `new MemorySession()`, or one of your own. A path is a SQLite file on Deno, Node and Bun, and
   * a name in IndexedDB in a browser
   * @param apiId the application's id, from https://my.telegram.org
   * @param apiHash the application's hash, from the same page: 32 hexadecimal digits
   * @throws {TypeError} when one of these cannot be what it is for
   */
  constructor(
    session: S | string | URL,
    apiId: number,
    apiHash: string,
    options: ClientOptions = {},
  ) {
    checkArguments(session, apiId, apiHash);
    // Nothing says what S is when a name is given: it is Session then.
    this.session = isName(session) ? defaultSession(session) as S : session;
    this.#account = new Account(this.session, apiId, apiHash, settingsOf(apiId, options));
  }

  /** Makes a client and connects it: `await using client = await Client.open(…)`. */
  static async open<S extends Session = Session>(
    session: S | string | URL,
    apiId: number,
    apiHash: string,
    options?: ClientOptions,
  ): Promise<Client<S>> {
    const client = new Client(session, apiId, apiHash, options);
    try {
      await client.connect();
    } catch (error) {
      await client.disconnect(); // nobody else could: the caller does not get it
      throw error;
    }
    return client;
  }

  /** Whether there is a connection to Telegram right now. */
  get connected(): boolean {
    return this.#account.connected;
  }

  /** Loads the session and connects to its home data center; does nothing when that is done. It does not sign in. */
  connect(options?: StepOptions): Promise<void> {
    return this.#account.connect(options);
  }

  /** Keeps the session and disconnects; calls that wait fail. Nothing of the client keeps the process alive after it. */
  disconnect(): Promise<void> {
    return this.#account.close();
  }

  /** As {@linkcode disconnect}, by the name that GramJS has for it. */
  destroy(): Promise<void> {
    return this.disconnect();
  }

  /** As {@linkcode disconnect}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.disconnect();
  }

  /** Whether somebody is signed in. False only if Telegram says so; any other trouble is thrown. */
  isAuthorized(options?: StepOptions): Promise<boolean> {
    return isAuthorized(this.#account, options);
  }

  /** As {@linkcode isAuthorized}, by the name that GramJS has for it. */
  checkAuthorization(options?: StepOptions): Promise<boolean> {
    return this.isAuthorized(options);
  }

  /** Has Telegram send a login code to the person with this phone number: the first step of signing in. */
  requestLoginCode(phone: string, options?: StepOptions): Promise<LoginToken> {
    return personSteps.requestLoginCode(this.#account, phone, options);
  }

  /** Signs in with the code: gives the user, or a token that says what is missing (`kind` is `"password"` or `"signUp"`). */
  signIn(
    token: LoginToken,
    code: EmailProof,
    options?: StepOptions,
  ): Promise<User | PasswordToken | SignUpToken> {
    return personSteps.signIn(this.#account, token, code, options);
  }

  /**
   * Goes on with a sign-in that was begun earlier, in this process or another one: gives the token that `token.save()` wrote.
   * The session must be the one that asked for the code. Connects if it has to.
   *
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

  /** Has the code sent again, by the way that `nextBy` of the token says. */
  resendCode(token: LoginToken, options?: StepOptions): Promise<LoginToken> {
    return personSteps.resendCode(this.#account, token, options);
  }

  /** Voids the code. */
  cancelCode(token: LoginToken, options?: StepOptions): Promise<void> {
    return personSteps.cancelCode(this.#account, token, options);
  }

  /** Tells Telegram that the SMS never came; `mnc` is the mobile network code of the operator, two or three digits. */
  reportMissingCode(token: LoginToken, mnc: string, options?: StepOptions): Promise<void> {
    return personSteps.reportMissingCode(this.#account, token, mnc, options);
  }

  /** Goes on when `deliveredBy` is `"paymentRequired"`, after the code was paid for in the payment form with that number. */
  checkPaidCode(token: LoginToken, formId: bigint, options?: StepOptions): Promise<LoginToken> {
    return personSteps.checkPaidCode(this.#account, token, formId, options);
  }

  /** Goes on when `deliveredBy` is `"emailSetUpRequired"`: has a code sent to the address that is to be the login email. */
  setUpLoginEmail(
    token: LoginToken,
    email: string,
    options?: StepOptions,
  ): Promise<SentEmailCode> {
    return personSteps.setUpLoginEmail(this.#account, token, email, options);
  }

  /** Gives back the code that went to that address; the token is for the login code, which goes there as well. */
  verifyLoginEmail(
    token: LoginToken,
    code: EmailProof,
    options?: StepOptions,
  ): Promise<LoginToken> {
    return personSteps.verifyLoginEmail(this.#account, token, code, options);
  }

  /** Has Telegram reset a login email that cannot be reached; the new token's `delivery` says when that will be done. */
  resetLoginEmail(token: LoginToken, options?: StepOptions): Promise<LoginToken> {
    return personSteps.resetLoginEmail(this.#account, token, options);
  }

  /** Makes an account for a phone number that has none, once the person has accepted the token's terms of service. */
  signUp(token: SignUpToken, account: NewAccount, options?: StepOptions): Promise<User> {
    return personSteps.signUp(this.#account, token, account, options);
  }

  /** Signs in with the 2FA password, which is not sent: only a proof that it is known. */
  checkPassword(token: PasswordToken, password: string, options?: StepOptions): Promise<User> {
    return personSteps.checkPassword(this.#account, token, password, options);
  }

  /** Has a code sent to the recovery email, when the 2FA password is forgotten. */
  requestPasswordRecovery(token: PasswordToken, options?: StepOptions): Promise<PasswordRecovery> {
    return personSteps.requestPasswordRecovery(this.#account, token, options);
  }

  /** Whether that code is right, before a new password is asked for; throws if it is not. It stays good. */
  checkRecoveryCode(code: string, options?: StepOptions): Promise<void> {
    return personSteps.checkRecoveryCode(this.#account, code, options);
  }

  /** Signs in with that code instead of the password, which is a new one then, or none. */
  recoverPassword(
    token: PasswordToken,
    code: string,
    recovered?: RecoveredPassword,
    options?: StepOptions,
  ): Promise<User> {
    return personSteps.recoverPassword(this.#account, token, code, recovered, options);
  }

  /** The 2FA password of the account that is signed in: set, change and remove it. */
  get password(): Lazy<PasswordSettings> {
    return passwordOf(this.#account);
  }

  /**
   * Passkeys: signing in with one, making, listing and deleting them.
   *
   * @experimental Telegram refuses passkeys of other origins than its own today.
   */
  get passkeys(): Lazy<Passkeys> {
    return passkeysOf(this.#account);
  }

  /** The devices on which the account is signed in, and the websites: listing, ending, confirming them. */
  get devices(): Lazy<Devices> {
    return devicesOf(this.#account);
  }

  /** Signs in as a bot. Nothing is asked of Telegram anew if the session is that bot's already. */
  botSignIn(token: string, options?: StepOptions): Promise<User> {
    return botSignIn(this.#account, token, options);
  }

  /**
   * Signs in by a QR code that a device which is signed in scans: iterate over it for the codes, then await its `result`.
   */
  qrLogin(options?: QrLoginOptions): QrLogin {
    return new QrLogin(this.#account, options);
  }

  /** Signs in by QR code, as GramJS has it: {@linkcode start} with `qrCode`. The credentials are the client's own. */
  signInUserWithQrCode(
    _credentials: { apiId: number; apiHash: string },
    answers: LoginAnswers & Required<Pick<LoginAnswers, "qrCode">>,
  ): Promise<User> {
    return this.start({ ...answers, phoneNumber: undefined, botAuthToken: undefined });
  }

  /** Approves the QR code that another device shows (`tg://login?token=…`): signs it in as the user of this client. */
  acceptQr(urlOrToken: string | Uint8Array, options?: StepOptions): Promise<DeviceSession> {
    return personSteps.acceptQr(this.#account, urlOrToken, options);
  }

  /** Signs in with a token that another client of the account was given for a website. */
  webTokenSignIn(token: string, options?: StepOptions): Promise<User | PasswordToken> {
    return personSteps.webTokenSignIn(this.#account, token, options);
  }

  /** Signs out: the session is void after it. */
  signOut(options?: StepOptions): Promise<void> {
    return signOut(this.#account, options);
  }

  /** Signs in with answers: values, or functions that are asked when they are needed. Connects if it has to. */
  start(answers: LoginAnswers): Promise<User> {
    return start(this.#account, answers);
  }

  /**
   * Signs in by asking at the terminal (or whoever `ask` is) for what is needed. With `qr: true`, draws a QR code there for a device
   * that is signed in. Connects if it has to.
   *
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

  /** Who is signed in; undefined if nobody is. */
  getMe(options?: StepOptions): Promise<User | undefined> {
    return getMe(this.#account, options);
  }

  /** Sends a text: to oneself (`"me"`), to a username, a phone number, or the id of somebody who was seen before. */
  sendMessage(
    to: PeerLike,
    message: OutgoingMessage,
    options?: StepOptions,
  ): Promise<SentMessage> {
    return sendMessage(this.#account, to, message, options);
  }

  /**
   * Calls any method of the API: https://core.telegram.org/methods. With `dcId`, at that data center instead of the
   * account's own, as the user who is signed in: the authorization is taken there when it is first needed.
   *
   * @example
   * ```ts
   * import type { Client } from "@tessera/mtproto";
   *
   * async function country(client: Client): Promise<string> {
   *   return (await client.invoke({ _: "help.getNearestDc" })).country;
   * }
   * ```
   */
  invoke<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    { dcId, ...options }: InvokeOptions = {},
  ): Promise<Api.Methods[M]["result"]> {
    return dcId === undefined
      ? this.#account.invoke(request, options)
      : this.#account.invokeAt(dcId, request, options);
  }
}

/** {@linkcode Client}, by the name that GramJS has for it: the same class. */
export { Client as TelegramClient };
