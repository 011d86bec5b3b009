/**
 * Options that are not understood are refused by name, by everything public that takes options.
 */
import {
  Client,
  type ClientOptions,
  MemorySession,
  type Message,
  SqliteSession,
  StoreSession,
  StringSession,
  webSocketDial,
} from "../../mod.ts";
import {
  exportSession,
  importSession,
  importSessionString,
} from "../../src/session/convert/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "../helpers/assert.ts";
import { API_HASH, ScriptedTelegram } from "../helpers/scripted_telegram.ts";

/** A value that fits no type. */
type Any = never;

const store = { get: () => undefined, set: () => {}, delete: () => {} };
const any = {} as Any;

/** Everything that takes options, with the place of the options open. */
function calls(
  client: Client,
  message: Message,
  telegram: OfflineTelegram,
): Record<string, (options: Any) => unknown> {
  const person = telegram.person("+9996621111");
  const played = { id: 1, chat: { input: person.input } } as Any;
  return {
    "new Client": (o) => new Client(new StringSession(), 1, API_HASH, o),
    "Client.open": (o) => Client.open(new StringSession(), 1, API_HASH, o),
    "new StoreSession": (o) => new StoreSession("a", store, o),
    "new SqliteSession": (o) => new SqliteSession("a", o),
    webSocketDial,
    importSession: (o) => importSession("1", o),
    importSessionString: (o) => importSessionString("1", o),
    exportSession: (o) => exportSession(new MemorySession(), "tessera", o),
    "client.on": (o) => client.on("message", () => {}, o),
    "client.updates": (o) => client.updates(o).next(),
    "client.catchUp": (o) => client.catchUp(o).next(),
    "client.connect": (o) => client.connect(o),
    "client.start": (o) => client.start(o),
    "client.interactiveLogin": (o) => client.interactiveLogin("1", o),
    "client.botSignIn": (o) => client.botSignIn("777:TESTTOKEN", o),
    "client.requestLoginCode": (o) => client.requestLoginCode("+9996621111", o),
    "client.signIn": (o) => client.signIn(any, "1", o),
    "client.resumeLogin": (o) => client.resumeLogin("1", o),
    "client.resendCode": (o) => client.resendCode(any, o),
    "client.cancelCode": (o) => client.cancelCode(any, o),
    "client.reportMissingCode": (o) => client.reportMissingCode(any, "1", o),
    "client.checkPaidCode": (o) => client.checkPaidCode(any, 1n, o),
    "client.setUpLoginEmail": (o) => client.setUpLoginEmail(any, "a@b.c", o),
    "client.verifyLoginEmail": (o) => client.verifyLoginEmail(any, "1", o),
    "client.resetLoginEmail": (o) => client.resetLoginEmail(any, o),
    "client.signUp, the account": (o) => client.signUp(any, o),
    "client.signUp": (o) => client.signUp(any, { firstName: "A", acceptTerms: true }, o),
    "client.checkPassword": (o) => client.checkPassword(any, "1", o),
    "client.requestPasswordRecovery": (o) => client.requestPasswordRecovery(any, o),
    "client.checkRecoveryCode": (o) => client.checkRecoveryCode("1", o),
    "client.recoverPassword, the password": (o) => client.recoverPassword(any, "1", o),
    "client.recoverPassword": (o) => client.recoverPassword(any, "1", {}, o),
    "client.qrLogin": (o) => client.qrLogin(o),
    "client.acceptQr": (o) => client.acceptQr("1", o),
    "client.webTokenSignIn": (o) => client.webTokenSignIn("1", o),
    "client.isAuthorized": (o) => client.isAuthorized(o),
    "client.getMe": (o) => client.getMe(o),
    "client.signOut": (o) => client.signOut(o),
    "client.invoke": (o) => client.invoke({ _: "help.getConfig" }, o),
    "client.sendMessage": (o) => client.sendMessage("me", "a", o),
    "client.editMessage": (o) => client.editMessage("me", 1, "a", o),
    "client.deleteMessages": (o) => client.deleteMessages("me", 1, o),
    "client.forwardMessages": (o) => client.forwardMessages("me", 1, "me", o),
    "client.sendFile": (o) => client.sendFile("me", new Uint8Array(1), o),
    "client.sendFile, an album": (o) => client.sendFile("me", [new Uint8Array(1)], o),
    "client.upload": (o) => client.upload(new Uint8Array(1), o),
    "client.download": (o) => client.download(any, o).getReader().read(),
    "client.profilePhoto": (o) => client.profilePhoto("me", o),
    "client.markRead": (o) => client.markRead("me", o),
    "client.messages": (o) => client.messages("me", o).next(),
    "client.dialogs": (o) => client.dialogs(o).next(),
    "client.peer": (o) => client.peer("me", o),
    "message.reply": (o) => message.reply("a", o),
    "message.respond": (o) => message.respond("a", o),
    "message.edit": (o) => message.edit("a", o),
    "message.delete": (o) => message.delete(o),
    "message.forward": (o) => message.forward("me", o),
    "message.react": (o) => message.react("👍", o),
    "message.markRead": (o) => message.markRead(o),
    "message.repliedTo": (o) => message.repliedTo(o),
    "password.status": (o) => client.password.status(o),
    "password.set": (o) => client.password.set("a", o),
    "password.change": (o) => client.password.change("a", "b", o),
    "password.setHint": (o) => client.password.setHint("a", "b", o),
    "password.remove": (o) => client.password.remove("a", o),
    "password.recoveryEmail": (o) => client.password.recoveryEmail("a", o),
    "password.setRecoveryEmail": (o) => client.password.setRecoveryEmail("a", "b@c.d", o),
    "password.confirmRecoveryEmail": (o) => client.password.confirmRecoveryEmail("1", o),
    "password.resendRecoveryEmailCode": (o) => client.password.resendRecoveryEmailCode(o),
    "password.cancelRecoveryEmail": (o) => client.password.cancelRecoveryEmail(o),
    "password.requestRecovery": (o) => client.password.requestRecovery(o),
    "password.checkRecoveryCode": (o) => client.password.checkRecoveryCode("1", o),
    "password.recover": (o) => client.password.recover("1", {}, o),
    "password.requestReset": (o) => client.password.requestReset(o),
    "password.cancelReset": (o) => client.password.cancelReset(o),
    "passkeys.signIn": (o) => client.passkeys.signIn(any, o),
    "passkeys.register": (o) => client.passkeys.register(any, o),
    "passkeys.list": (o) => client.passkeys.list(o),
    "passkeys.delete": (o) => client.passkeys.delete("1", o),
    "devices.list": (o) => client.devices.list(o),
    "devices.terminate": (o) => client.devices.terminate(1n, o),
    "devices.terminateOthers": (o) => client.devices.terminateOthers(o),
    "devices.confirm": (o) => client.devices.confirm(1n, o),
    "devices.configure, the settings": (o) => client.devices.configure(1n, o),
    "devices.configure": (o) => client.devices.configure(1n, {}, o),
    "devices.getInactivityLimit": (o) => client.devices.getInactivityLimit(o),
    "devices.setInactivityLimit": (o) => client.devices.setInactivityLimit(1, o),
    "devices.listWeb": (o) => client.devices.listWeb(o),
    "devices.terminateWeb": (o) => client.devices.terminateWeb(1n, o),
    "devices.terminateAllWeb": (o) => client.devices.terminateAllWeb(o),
    "new OfflineTelegram": (o) => new OfflineTelegram(o),
    "new OfflineTelegram, files": (o) => new OfflineTelegram({ files: o }),
    "new OfflineTelegram, line": (o) => new OfflineTelegram({ line: o }),
    "OfflineTelegram.start": (o) => OfflineTelegram.start(o),
    "api.addFile": (o) => telegram.api.addFile(o),
    "person.sendFile": (o) => person.sendFile("me", new Uint8Array(1), o),
    "telegram.listen": (o) => telegram.listen(o),
    "telegram.moveDc": (o) => telegram.moveDc(2, o),
    "telegram.unplug": (o) => telegram.unplug("host", o),
    "telegram.person": (o) => telegram.person("+9996655555", o),
    "api.addAccount": (o) => telegram.api.addAccount(o),
    "api.addBot": (o) => telegram.api.addBot(o),
    "api.failNext": (o) => telegram.api.failNext("help.getConfig", o),
    "person.send": (o) => person.send("me", o),
    "person.edit": (o) => person.edit(played, o),
    "person.delete": (o) => person.delete(played, o),
    "person.nextMessage": (o) => person.nextMessage(o),
    "person.nextEdit": (o) => person.nextEdit(o),
    "person.inline": (o) => person.inline("@test_777_bot", "a", o),
    "person.createGroup": (o) => person.createGroup("a", o),
    "person.createSupergroup": (o) => person.createSupergroup("a", o),
    "person.createChannel": (o) => person.createChannel("a", o),
    "person.promote": (o) => person.promote({ input: person.input } as Any, "me", o),
  };
}

async function errorOf(call: (options: Any) => unknown, options: unknown): Promise<unknown> {
  try {
    await call(options as Any);
  } catch (error) {
    return error;
  }
  return undefined;
}

/** Returns what is wrong with everything public, as `check` says. */
async function faultsOf(
  check: (name: string, call: (options: Any) => unknown) => Promise<string[]>,
): Promise<string[]> {
  await using telegram = new OfflineTelegram();
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = new Client(new MemorySession(), apiId, apiHash, clientOptions);
  await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
  const message = await client.sendMessage("me", "Hello");
  const faults: string[] = [];
  for (const [name, call] of Object.entries(calls(client, message, telegram))) {
    faults.push(...await check(name, call));
  }
  return faults;
}

Deno.test("everything public that takes a signal refuses an AbortController and null", async () => {
  for (const signal of [new AbortController(), null]) {
    let taken = 0;
    const faults = await faultsOf(async (name, call) => {
      const error = await errorOf(call, { signal });
      if (!(error instanceof TypeError)) return [`${name}: ${error}`];
      if (error.message.includes('"signal" is not known')) return [];
      taken++;
      return error.message.includes('"signal" is no AbortSignal') ? [] : [`${name}: ${error}`];
    });
    assertEquals(faults, []);
    assert(taken > 40, `${taken} take one`);
  }
});

Deno.test("everything public refuses an unknown option, null and a number as options", async () => {
  const faults = await faultsOf(async (name, call) => {
    const faults: string[] = [];
    const unknown = await errorOf(call, { notAnOption: 1 });
    const isNamed = unknown instanceof TypeError && unknown.message.includes('"notAnOption"');
    if (!isNamed) faults.push(`${name}: ${unknown}`);
    for (const wrong of [null, 5]) {
      const error = await errorOf(call, wrong);
      const isRefused = error instanceof TypeError && error.message.includes("of type");
      if (!isRefused) faults.push(`${name}, ${wrong}: ${error}`);
    }
    return faults;
  });
  assertEquals(faults, []);
});

/** One value for each option of a client: the compiler demands all of them. */
const ALL: Required<ClientOptions> = {
  forwardSecrecy: true,
  deviceModel: "a",
  systemVersion: "a",
  appVersion: "a",
  langCode: "a",
  systemLangCode: "a",
  floodSleepThreshold: 1,
  requestRetries: 1,
  keepConnected: true,
  giveUpAfter: 1,
  connectionRetries: 1,
  retryDelay: 1,
  timeout: 1,
  logger: console,
  logLevel: "error",
  onUpdates: () => {},
  testServers: true,
  blockedNetworks: false,
  useWSS: true,
  transport: "full",
  obfuscated: true,
  proxy: "socks5://127.0.0.1:1080",
  dial: () => Promise.reject(new Error("never")),
  fetch: () => Promise.reject(new Error("never")),
  ipVersion: "only4",
  dcs: [],
  keys: [],
  clock: new ScriptedTelegram([]).clock,
  random: (length) => new Uint8Array(length),
};

const SOCKS5 =
  "expected socks5://, as SOCKS4 is not supported. Most of its servers are SOCKS5, too";

function make(options: Record<string, unknown>): void {
  new Client(new StringSession(), 1, API_HASH, options as ClientOptions);
}

Deno.test("a client takes each of its options, and refuses a value of another type", () => {
  make({ ...ALL, proxy: undefined, fetch: undefined });
  make({ ...ALL, dial: undefined, fetch: undefined });
  make({ transport: "http", fetch: ALL.fetch });
  make({ blockedNetworks: true, fetch: ALL.fetch });
  for (const name of Object.keys(ALL)) {
    const wrong = Symbol("wrong");
    assertThrows(() => make({ [name]: wrong }), TypeError, `Cannot use the option ${name}`);
  }
  for (
    const [name, value, expected] of [
      ["transport", "tcp", 'one of "abridged"'],
      ["logger", true, "console, or an object like it"],
      ["dcs", {}, "an array"],
      ["keys", {}, "an array"],
      ["clock", {}, "an object with now()"],
      ["testServers", 1, "true or false"],
      ["deviceModel", 1, "a text"],
      ["fetch", ALL.fetch, 'none, as only the transport "http" and blockedNetworks use it'],
      ["proxy", "socks4://h:1", SOCKS5],
      ["proxy", " 'socks4a://h:1'", SOCKS5],
      ["proxy", new URL("socks4://h:1"), SOCKS5],
      ["proxy", ["socks4", "h", 1], SOCKS5],
      ["proxy", { ip: "h", port: 1, socksType: 4 }, SOCKS5],
      ["proxy", { proxy_type: "socks4", addr: "h", port: 1 }, SOCKS5],
      ["proxy", { addr: "h", port: 1, proxy_type: 1 }, SOCKS5],
      ["proxy", { scheme: "1", hostname: "h", port: 1 }, SOCKS5],
      ["proxy", [1, "h", 1], SOCKS5],
    ] as const
  ) {
    const text = `Cannot use the option ${name}: it is a value of type`;
    const error = assertThrows(() => make({ [name]: value }), TypeError);
    if (typeof value !== "number") assertStringIncludes(error.message, text);
    assertStringIncludes(error.message, expected);
  }
});

Deno.test("a client takes the numbers of PySocks for other proxies than SOCKS4", () => {
  const secret = "5e".repeat(16);
  for (
    const proxy of [
      [2, "10.1.1.1", 1],
      ["1.2.3.4", 443, secret],
      { proxy_type: 3, addr: "1.1.1.1", port: 1 },
      { proxy_type: 2, addr: "1", port: 1, password: '"kind":1,' },
    ]
  ) make({ proxy });
});

Deno.test("a client says what to use for the options of other libraries", () => {
  for (
    const [name, hint] of [
      ["useIPV6", "Use ipVersion."],
      ["use_ipv6", "Use ipVersion."],
      ["useIpv6", "Use ipVersion."],
      ["networkSocket", "Use dial."],
      ["autoReconnect", "Use connectionRetries."],
      ["auto_reconnect", "Use connectionRetries."],
      ["base_logger", "Use logger."],
      ["testMode", "Use testServers."],
      ["defaultDcs", "Use dcs."],
      ["catch_up", "Use client.on()."],
      ["storage", "Use the session."],
      ["device_model", 'Did you mean "deviceModel"?'],
      ["useWss", 'Did you mean "useWSS"?'],
      ["constructor", "Known are floodSleepThreshold, "],
    ]
  ) {
    const text = `Cannot make a client: the option "${name}" is not known. ${hint}`;
    assertThrows(() => make({ [name]: true }), TypeError, text);
  }
});

Deno.test("a StoreSession refuses a store that is none", () => {
  for (const wrong of [{}, null, 5, "redis", { get: () => {}, set: () => {} }]) {
    const keep = () => new StoreSession("x", wrong as Any);
    assertThrows(keep, TypeError, "it lacks get(), set() or delete()");
  }
  assert(new StoreSession("x", () => store) instanceof StoreSession);
});
