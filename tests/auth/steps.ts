/**
 * Lists the steps of a sign-in by method, each with its preparation, for tests of their failures.
 */

import { Client, MemorySession, type StepOptions } from "../../mod.ts";
import { type Clock, systemClock } from "../../src/runtime/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { Authenticator } from "../helpers/authenticator.ts";
import { CODE, EMAIL, PASSWORD, PHONE, type World, world } from "./offline_world.ts";

const BOT_TOKEN = "777:TESTTOKEN";
const NEWCOMER = "+9996644444";
const TWO_DAYS = 172_800_000;

/** What a step needs: the world, and a server's clock that can be put forward. */
export interface Stage extends World {
  putForward(ms: number): void;
}

export interface Step {
  readonly on?: Parameters<typeof world>[0];
  /** Prepares the step, and returns the function that runs it. */
  prepare(stage: Stage): Promise<(options?: StepOptions) => Promise<unknown>>;
  /** It asks again and again. */
  readonly repeats?: boolean;
}

/** The stage of a step, before anything was done. */
export async function stageOf(step: Step): Promise<Stage> {
  let ahead = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + ahead };
  const state = await world(step.on, { clock });
  return { ...state, putForward: (ms) => void (ahead += ms) };
}

async function signIn(client: Client): Promise<void> {
  await client.start({ phoneNumber: PHONE, phoneCode: CODE, password: PASSWORD });
}

/** Another client of the same Telegram. */
function otherClient({ telegram }: World): Client<MemorySession> {
  const { apiId, apiHash, clientOptions } = telegram;
  return new Client(new MemorySession(), apiId, apiHash, { ...clientOptions, retryDelay: 1 });
}

/**
 * A step of a device that has been signed in for two days, while another one has just signed in.
 */
function ofOldDevice(
  step: (
    devices: Client["devices"],
    options: StepOptions | undefined,
    other: bigint,
  ) => Promise<unknown>,
): Step {
  return {
    async prepare(stage) {
      const { client, telegram } = stage;
      await signIn(client);
      stage.putForward(TWO_DAYS);
      await using other = otherClient(stage);
      await signIn(other);
      telegram.api.addWebsite(PHONE, "a.example", BOT_TOKEN);
      const { hash } = (await client.devices.list()).find((one) => !one.isCurrent) ?? { hash: 0n };
      return (options) => step(client.devices, options, hash);
    },
  };
}

/** A step of somebody who is signed in and has a passkey. */
function withPasskey(
  step: (client: Client, passkey: Authenticator, options?: StepOptions) => Promise<unknown>,
): Step {
  return {
    async prepare({ client }) {
      const passkey = new Authenticator();
      await signIn(client);
      await client.passkeys.register(passkey.create);
      return (options) => step(client, passkey, options);
    },
  };
}

/** A step on the way to the sign-in. */
function withToken(
  on: Step["on"],
  step: (
    stage: Stage,
    token: Awaited<ReturnType<Client["requestLoginCode"]>>,
    options?: StepOptions,
  ) => Promise<unknown>,
  phone: string = PHONE,
): Step {
  return {
    on,
    async prepare(stage) {
      const token = await stage.client.requestLoginCode(phone);
      return (options) => step(stage, token, options);
    },
  };
}

/** A step of somebody who owes the password. */
function withPassword(
  step: (
    stage: Stage,
    token: Extract<Awaited<ReturnType<Client["signIn"]>>, { kind: "password" }>,
    options?: StepOptions,
  ) => Promise<unknown>,
): Step {
  return {
    on: { password: PASSWORD, recoveryEmail: EMAIL },
    async prepare(stage) {
      const token = await stage.client.signIn(await stage.client.requestLoginCode(PHONE), CODE);
      assert(token.kind === "password");
      await stage.client.requestPasswordRecovery(token);
      return (options) => step(stage, token, options);
    },
  };
}

/** The steps beside codes and passwords. */
export const OTHER_STEPS: Readonly<Record<string, Step>> = {
  "auth.importBotAuthorization": {
    prepare: ({ client }) => Promise.resolve((options) => client.botSignIn(BOT_TOKEN, options)),
  },
  "auth.logOut": {
    async prepare({ client }) {
      await signIn(client);
      return (options) => client.signOut(options);
    },
  },
  "auth.exportLoginToken": {
    repeats: true,
    async prepare(stage) {
      await signIn(stage.client);
      return async (options) => {
        await using shower = otherClient(stage);
        await shower.connect();
        const login = shower.qrLogin(options);
        login.result.catch(() => {});
        for await (const { url } of login) await stage.client.acceptQr(url);
        assertEquals((await login.result).kind, "user");
      };
    },
  },
  "auth.acceptLoginToken": {
    async prepare(stage) {
      await signIn(stage.client);
      return async (options) => {
        await using shower = otherClient(stage);
        await shower.connect();
        const login = shower.qrLogin();
        login.result.catch(() => {});
        for await (const { url } of login) await stage.client.acceptQr(url, options);
      };
    },
  },
  "auth.importWebTokenAuthorization": {
    prepare: ({ client, telegram }) => {
      const token = telegram.api.webToken(PHONE);
      return Promise.resolve((options) => client.webTokenSignIn(token, options));
    },
  },
  "users.getUsers": {
    async prepare({ client }) {
      await signIn(client);
      return (options) => client.getMe(options);
    },
  },
  "updates.getState": {
    async prepare({ client }) {
      await signIn(client);
      return (options) => client.isAuthorized(options);
    },
  },
  "account.initPasskeyRegistration": {
    async prepare({ client }) {
      await signIn(client);
      return (options) => client.passkeys.register(new Authenticator().create, options);
    },
  },
  "account.registerPasskey": {
    async prepare({ client }) {
      await signIn(client);
      return (options) => client.passkeys.register(new Authenticator().create, options);
    },
  },
  "account.getPasskeys": withPasskey(({ passkeys }, _, options) => passkeys.list(options)),
  "account.deletePasskey": withPasskey(async ({ passkeys }, _, options) => {
    const [passkey] = await passkeys.list();
    assert(await passkeys.delete(passkey, options));
  }),
  "auth.initPasskeyLogin": withPasskey(async (client, passkey, options) => {
    await client.signOut();
    await client.passkeys.signIn(passkey.get, options);
  }),
  "auth.finishPasskeyLogin": withPasskey(async (client, passkey, options) => {
    await client.signOut();
    await client.passkeys.signIn(passkey.get, options);
  }),
  "account.getAuthorizations": {
    async prepare({ client }) {
      await signIn(client);
      return (options) => client.devices.list(options);
    },
  },
  "account.changeAuthorizationSettings": ofOldDevice((devices, options, other) =>
    devices.confirm(other, options)
  ),
  "account.resetAuthorization": ofOldDevice((devices, options, other) =>
    devices.terminate(other, options)
  ),
  "auth.resetAuthorizations": ofOldDevice((devices, options) => devices.terminateOthers(options)),
  "account.setAuthorizationTTL": ofOldDevice((devices, options) =>
    devices.setInactivityLimit(30, options)
  ),
  "account.getWebAuthorizations": ofOldDevice((devices, options) => devices.listWeb(options)),
  "account.resetWebAuthorization": ofOldDevice(async (devices, options) => {
    const [website] = await devices.listWeb();
    await devices.terminateWeb(website, options);
  }),
  "account.resetWebAuthorizations": ofOldDevice((devices, options) =>
    devices.terminateAllWeb(options)
  ),
};

/**
 * The steps on the way from a phone number to the user; those of `client.password` are in
 * passwords.test.ts.
 */
export const CODE_STEPS: Readonly<Record<string, Step>> = {
  "auth.sendCode": {
    prepare: ({ client }) => Promise.resolve((options) => client.requestLoginCode(PHONE, options)),
  },
  "auth.signIn": withToken({}, ({ client }, token, options) => client.signIn(token, CODE, options)),
  "auth.resendCode": withToken(
    { codeWays: ["sms", "call"] },
    ({ client }, token, options) => client.resendCode(token, options),
  ),
  "auth.cancelCode": withToken(
    {},
    ({ client }, token, options) => client.cancelCode(token, options),
  ),
  "auth.reportMissingCode": withToken(
    {},
    ({ client }, token, options) => client.reportMissingCode(token, "01", options),
  ),
  "auth.checkPaidAuth": withToken(
    { codePrice: { currency: "EUR", amount: 1n } },
    ({ client }, token, options) => client.checkPaidCode(token, 1n, options),
  ),
  "account.sendVerifyEmailCode": withToken(
    { needsLoginEmail: true },
    ({ client }, token, options) => client.setUpLoginEmail(token, EMAIL, options),
  ),
  "account.verifyEmail": withToken(
    { needsLoginEmail: true },
    async ({ client, telegram }, token, options) => {
      await client.setUpLoginEmail(token, EMAIL);
      await client.verifyLoginEmail(token, telegram.api.lastEmailCode(EMAIL) ?? "", options);
    },
  ),
  "auth.resetLoginEmail": withToken(
    { loginEmail: EMAIL },
    ({ client }, token, options) => client.resetLoginEmail(token, options),
  ),
  "auth.signUp": withToken(
    {},
    async ({ client }, token, options) => {
      const signUp = await client.signIn(token, "44444");
      assert(signUp.kind === "signUp");
      await client.signUp(signUp, { firstName: "Ada", acceptTerms: true }, options);
    },
    NEWCOMER,
  ),
  "auth.checkPassword": withPassword(({ client }, token, options) =>
    client.checkPassword(token, PASSWORD, options)
  ),
  "auth.requestPasswordRecovery": withPassword(({ client }, token, options) =>
    client.requestPasswordRecovery(token, options)
  ),
  "auth.checkRecoveryPassword": withPassword(({ client, telegram }, _, options) =>
    client.checkRecoveryCode(telegram.api.lastEmailCode(EMAIL) ?? "", options)
  ),
  "auth.recoverPassword": withPassword(({ client, telegram }, token, options) => {
    const code = telegram.api.lastEmailCode(EMAIL) ?? "";
    return client.recoverPassword(token, code, {}, options);
  }),
};
