/**
 * Every kind of answer of the offline API, with its method.
 */
import { seededRandom } from "../../helpers/seeded_random.ts";
import type { TlObject } from "../../../src/tl/mod.ts";
import { concatBytes } from "../../../src/crypto/mod.ts";
import { type SrpParameters, srpProof, srpVerifier } from "../../../src/crypto/entry.ts";
import type { AccountOptions, OfflineApi } from "../../../src/testing/api/mod.ts";
import { Authenticator, credentialOf } from "../../helpers/authenticator.ts";
import { everyChatAnswer } from "./every_chat_answer.ts";
import { everyFileAnswer } from "./every_file_answer.ts";
import { API, caller, fixture, PHONE, PHONE_2FA, TOKEN } from "../api/fixture.ts";

/** An answer of layer 228. */
export interface Answer {
  /** Undefined for a pushed update. */
  readonly method?: string;
  readonly value: unknown;
  /** The first layer that has it; by default the oldest supported one. */
  readonly since?: number;
}

const SELF = { _: "inputPeerSelf" };
const RANGE = { offsetId: 0, offsetDate: 0, addOffset: 0, maxId: 0, minId: 0, hash: 0n };
const ACCOUNTS: readonly AccountOptions[] = [
  { phone: PHONE, code: "22222", lastName: "Ünï", username: "ada_l" },
  { phone: "+9996655555", codeWays: ["call", "flashCall"] },
  { phone: PHONE_2FA, code: "22222", password: "hunter2", hint: "the usual" },
];

/** Calls every method, and returns the answers. */
export async function everyAnswer(): Promise<readonly Answer[]> {
  const { api } = fixture({ accounts: ACCOUNTS });
  const answers: Answer[] = [];
  api.onUpdates = (_, value) => answers.push({ value });

  const by = (authKeyId: string) => {
    const session = caller({ authKeyId });
    return (method: string, params: Partial<TlObject> = {}): TlObject => {
      const value = api.handle({ _: method, ...params }, session);
      answers.push({ method, value });
      return value as TlObject;
    };
  };

  signInEveryone(api, by);
  const user = by("a1");
  for (const method of ["help.getConfig", "help.getNearestDc", "help.getAppConfig"]) user(method);
  for (const method of ["help.getPromoData", "help.getTermsOfServiceUpdate"]) user(method);
  user("help.getAppConfig", { hash: 1 });
  user("help.getCdnConfig");
  user("account.getPassword");
  user("account.updateStatus", { offline: false });
  user("auth.exportAuthorization", { dcId: 1 });
  const id = [{ _: "inputUserSelf" }, { _: "inputUser", userId: 1n, accessHash: 0n }];
  user("users.getUsers", { id });
  user("users.getFullUser", { id: id[0] });
  user("contacts.getContacts", { hash: 0n });
  user("account.getNotifySettings", { peer: { _: "inputNotifyUsers" } });
  user("messages.readHistory", { peer: SELF, maxId: 0 });
  const { peer } = user("contacts.resolveUsername", { username: "test_777_bot" });
  const found = answers.at(-1)?.value as { users: TlObject[] };
  user("updates.getState");
  user("updates.getDifference", { pts: 1, date: 1, qts: 0 });
  const entities = [{ _: "messageEntityBold", offset: 0, length: 5 }];
  user("messages.sendMessage", { peer: SELF, message: "Hello!", randomId: 1n, entities });
  user("messages.sendMessage", { peer: SELF, message: "again", randomId: 2n, replyToMsgId: 1 });
  const ids = [{ _: "inputMessageID", id: 1 }, { _: "inputMessageID", id: 99 }];
  user("messages.getMessages", { id: ids });
  const bot = { ...(peer as TlObject), _: "inputPeerUser", accessHash: found.users[0].accessHash };
  user("messages.sendMessage", { peer: bot, message: "Hello, bot!", randomId: 3n });
  user("messages.getHistory", { peer: SELF, ...RANGE, limit: 10 });
  user("messages.getHistory", { peer: SELF, ...RANGE, limit: 1 });
  user("messages.getDialogs", { ...RANGE, limit: 10 });
  user("messages.getDialogs", { ...RANGE, limit: 1 });
  user("messages.getPeerDialogs", { peers: [{ _: "inputDialogPeer", peer: bot }] });
  user("updates.getDifference", { pts: 1, date: 1, qts: 0 });
  everyAnswerAboutDevices(api, by, answers);
  everyAnswerAboutPasskeys(api, answers);
  everyAnswerWithoutCode(answers);
  await everyChatAnswer(api, answers);
  everyFileAnswer(api, answers);
  everyAnswerAboutPasswords(api, by);
  user("auth.logOut");
  return answers;
}

type By = (authKeyId: string) => (method: string, params?: Partial<TlObject>) => TlObject;

/** Adds the answers about this topic; "a1" must be signed in. */
function everyAnswerAboutDevices(api: OfflineApi, by: By, answers: Answer[]): void {
  const user = by("a1");
  const shown = by("q1")("auth.exportLoginToken", { ...API, exceptIds: [] });
  user("auth.acceptLoginToken", { token: shown.token });
  by("q1")("auth.exportLoginToken", { ...API, exceptIds: [] });
  const elsewhere = caller({ authKeyId: "q2", dcId: 1 });
  const request = { _: "auth.exportLoginToken", ...API, exceptIds: [] };
  const { token } = api.handle(request, elsewhere) as TlObject;
  user("auth.acceptLoginToken", { token });
  const migrate = api.handle(request, elsewhere) as TlObject;
  answers.push({ method: request._, value: migrate });
  by("q3")("auth.importLoginToken", { token: migrate.token });
  api.addWebsite(PHONE, "example.org", TOKEN);
  user("account.getAuthorizations");
  user("account.getWebAuthorizations");
  const webAuthToken = api.webToken(PHONE);
  by("w1")("auth.importWebTokenAuthorization", { ...API, webAuthToken });
}

/** Adds the answer to a future auth token, whose account has reset its password since. */
function everyAnswerWithoutCode(answers: Answer[]): void {
  const all = fixture({ accounts: ACCOUNTS });
  const { api } = all;
  const [leaving, staying] = ["o1", "o2"].map((authKeyId) => caller({ authKeyId }));
  for (const one of [leaving, staying]) api.signIn(PHONE_2FA, one);
  const loggedOut = api.handle({ _: "auth.logOut" }, leaving) as TlObject;
  answers.push({ method: "auth.logOut", value: loggedOut });
  api.handle({ _: "account.resetPassword" }, staying);
  all.now += 8 * 86_400;
  const settings = { _: "codeSettings", logoutTokens: [loggedOut.futureAuthToken] };
  const request = { _: "auth.sendCode", phoneNumber: PHONE_2FA, ...API, settings };
  answers.push({ method: request._, value: api.handle(request, leaving), since: 152 });
}

/** Adds the answers about this topic; "a1" must be signed in. */
function everyAnswerAboutPasskeys(api: OfflineApi, answers: Answer[]): void {
  const ask = (_: string, params: Partial<TlObject> = {}): TlObject => {
    const value = api.handle({ _, ...params }, caller({ authKeyId: "a1" }));
    answers.push({ method: _, value, since: 219 });
    return value as TlObject;
  };
  const { options } = ask("account.initPasskeyRegistration");
  const { publicKey } = JSON.parse((options as TlObject).data as string);
  const credential = credentialOf(new Authenticator().create(publicKey));
  const { id } = ask("account.registerPasskey", { credential });
  ask("account.getPasskeys");
  ask("account.deletePasskey", { id });
  ask("auth.initPasskeyLogin", API);
}

/** Calls the methods of passwords; "a1" must be signed in without a password. */
function everyAnswerAboutPasswords(api: OfflineApi, by: By): void {
  const user = by("a1");
  const proof = (password: string, state: TlObject): TlObject => {
    const parameters = state.currentAlgo as SrpParameters & TlObject;
    const srpB = state.srpB as Uint8Array;
    const { A, M1 } = srpProof({ password, parameters, srpB, random: seededRandom(3) });
    return { _: "inputCheckPasswordSRP", srpId: state.srpId, A, M1 };
  };
  const newAlgo = user("account.getPassword").newAlgo as SrpParameters & TlObject;
  const algorithm = { ...newAlgo, salt1: concatBytes(newAlgo.salt1, new Uint8Array(32)) };
  const newPasswordHash = srpVerifier("new", algorithm);
  const settings = { newAlgo: algorithm, newPasswordHash, hint: "a hint", email: "a@b.example" };
  const newSettings = { _: "account.passwordInputSettings", ...settings };
  const password = { _: "inputCheckPasswordEmpty" };
  try {
    user("account.updatePasswordSettings", { password, newSettings });
  } catch {
    user("account.getPassword");
  }
  user("account.resendPasswordEmail");
  user("account.confirmPasswordEmail", { code: api.lastEmailCode("a@b.example") });
  const state = user("account.getPassword");
  user("account.getPasswordSettings", { password: proof("new", state) });
  user("account.resetPassword");
  user("account.getPassword");
  user("account.declinePasswordReset");
  user("account.resetPassword");
  user("auth.requestPasswordRecovery");
  const code = api.lastEmailCode("a@b.example");
  user("auth.checkRecoveryPassword", { code });
  user("auth.recoverPassword", { code });
}

function signInEveryone(
  api: OfflineApi,
  by: By,
): void {
  const code = (authKeyId: string, phoneNumber: string) => {
    const params = { phoneNumber, ...API, settings: { _: "codeSettings" } };
    const { phoneCodeHash } = by(authKeyId)("auth.sendCode", params);
    return { phoneNumber, phoneCodeHash, phoneCode: api.lastCode(phoneNumber) };
  };
  by("b1")("auth.importBotAuthorization", { flags: 0, ...API, botAuthToken: TOKEN });
  const newcomer = code("c1", "+9996644444");
  by("c1")("auth.signIn", newcomer);
  by("c1")("auth.signUp", { ...newcomer, firstName: "New", lastName: "Comer" });
  const withPassword = code("d1", PHONE_2FA);
  try {
    by("d1")("auth.signIn", withPassword);
  } catch {
    by("d1")("account.getPassword");
  }
  by("e1")("auth.signIn", code("e1", PHONE));
  const mine = code("a1", PHONE);
  by("a1")("auth.resendCode", mine);
  by("a1")("auth.signIn", mine);
  const flashCall = code("g1", "+9996655555");
  by("g1")("auth.resendCode", flashCall);
  const cancelled = code("f1", PHONE);
  by("f1")("auth.cancelCode", cancelled);
}
