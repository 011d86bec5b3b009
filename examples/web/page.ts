/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The sign-in page: a form for each step of signing in. The session is kept in IndexedDB, sealed if
 * the person chooses a passphrase.
 */
import {
  Client,
  type ClientOptions,
  LoginCancelledError,
  type LoginToken,
  type PasswordToken,
  qrModules,
  SessionError,
  SignInError,
  type SignUpToken,
  StoreSession,
  type User,
  webSocketDial,
} from "@tessera/mtproto";
import { parseRsaPublicKey } from "@tessera/mtproto/crypto";
import { indexedDbStore } from "@tessera/mtproto/stores";
import { forgetPasswords, textOf } from "./field.ts";

/** The settings from serve.ts: the application, and an offline Telegram to connect to. */
interface Setting {
  readonly apiId: number;
  readonly apiHash: string;
  /** The offline Telegram; without it, the page connects to Telegram itself. */
  readonly offline?: {
    readonly dcId: number;
    readonly ws: { readonly host: string; readonly port: number };
    readonly publicKeyPem: string;
    readonly accounts: readonly { phone: string; code: string; password?: string }[];
  };
}

const NAME = "me";
/** The beginning of a sealed session. */
const SEALED = "tessera-sealed";
const PANELS = ["unlock", "phone", "code", "password", "qr", "account"] as const;
type Panel = (typeof PANELS)[number];

/** Texts for people; the texts of the errors are for programmers. */
const SAID: Readonly<Record<string, string>> = {
  codeInvalid: "That code is not right. Please look again.",
  codeExpired: "That code is too old. Please ask for another one.",
  flood: "Too many attempts. Please wait a while.",
  passwordInvalid: "That password is not right.",
  phoneBanned: "This phone number is banned from Telegram.",
  phoneInvalid: "That is no phone number. It begins with + and the country's code.",
};

/** The way of a code, in a text for people. */
const WAYS: Readonly<Record<string, string>> = {
  app: ": look into Telegram on a device where you are signed in",
  call: " by a phone call",
  email: " by email",
  sms: " by SMS",
};

function element<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`Cannot find "${id}" in the page`);
  return found as T;
}

const input = (id: string): HTMLInputElement => element<HTMLInputElement>(id);

/** Shows one panel, and focuses its first field or its heading. No password stays in the page. */
function show(panel: Panel, status: string): void {
  forgetPasswords(document.querySelectorAll("input"));
  for (const name of PANELS) element(name).hidden = name !== panel;
  element("status").textContent = status;
  element("error").hidden = true;
  const first = element(panel).querySelector<HTMLElement>("input, [tabindex]");
  first?.focus();
}

function sayWrong(error: unknown, field?: HTMLInputElement): void {
  const reason = error instanceof SignInError ? SAID[error.reason] : undefined;
  const isSealed = error instanceof SessionError && field?.id === "unlock-passphrase";
  const text = isSealed ? "That passphrase is not right." : undefined;
  const said = element("error");
  // An error about a field is shown beside it.
  const label = field?.labels?.[0];
  if (label) label.before(said);
  else element("status").after(said);
  said.textContent = reason ?? text ?? (error instanceof Error ? error.message : String(error));
  said.hidden = false;
  if (field === undefined) return;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", "error");
  field.focus();
  field.select();
}

/** Runs `work` when a form is submitted, one at a time, and shows its errors beside the form. */
function onSubmit(id: Panel, fieldId: string, work: (text: string) => Promise<void>): void {
  const form = element<HTMLFormElement>(id);
  const field = input(fieldId);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const buttons = form.querySelectorAll("button");
    for (const button of buttons) button.disabled = true;
    field.removeAttribute("aria-invalid");
    element("error").hidden = true;
    try {
      await work(textOf(field));
      field.value = "";
    } catch (error) {
      forgetPasswords([field]);
      sayWrong(error, field);
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  });
}

function onClick(target: Element, work: () => Promise<void> | void): void {
  target.addEventListener("click", async () => {
    try {
      await work();
    } catch (error) {
      sayWrong(error);
    }
  });
}

/** Waits for the lock of the session: two tabs must not use it at the same time. */
function takeLock(): Promise<void> {
  element("status").textContent = "Waiting for another tab of this page to be closed…";
  return new Promise((taken) =>
    void navigator.locks.request("tessera", () => {
      taken();
      return new Promise(() => {});
    })
  );
}

await takeLock();
const setting: Setting = await (await fetch("setting.json")).json();
const store = await indexedDbStore();
let client: Client | undefined;
let login: LoginToken | undefined;
let password: PasswordToken | undefined;
let leaveQr = new AbortController();

function optionsFor({ offline }: Setting): ClientOptions {
  if (offline === undefined) return { useWSS: true };
  const { dcId: id, ws: { host, port }, publicKeyPem } = offline;
  return {
    useWSS: true,
    dial: webSocketDial({ tls: false }),
    dcs: [{ id, host, port }],
    keys: [parseRsaPublicKey(publicKeyPem)],
  };
}

/** Connects with the session of this device, unsealed with the passphrase if there is one. */
async function open(passphrase: string): Promise<Client> {
  await client?.disconnect();
  // The lock of this tab replaces a lease, and ends with the tab.
  const secret = passphrase === "" ? undefined : passphrase;
  const session = new StoreSession(NAME, store, { exclusive: false, secret });
  client = await Client.open(session, setting.apiId, setting.apiHash, optionsFor(setting));
  return client;
}

/** Connects with an empty session. */
async function openAnew(): Promise<Client> {
  await client?.disconnect();
  await store.delete(`${NAME}:session`);
  return await open(input("passphrase").value);
}

/** Continues with the result of a step. */
function proceed(outcome: User | PasswordToken | SignUpToken): void {
  if (outcome.kind === "signUp") {
    throw new Error("There is no account with this number. Please make one in Telegram's own app.");
  }
  if (outcome.kind === "password") {
    password = outcome;
    element("hint").textContent = outcome.hint ? `Hint: ${outcome.hint}` : "";
    return show("password", "One more step.");
  }
  const { firstName, lastName, username } = outcome;
  const name = [firstName, lastName].filter(Boolean).join(" ");
  element("who").textContent = `Signed in as ${name}${username ? ` (@${username})` : ""}`;
  show("account", "Signed in.");
}

async function startAnew(): Promise<void> {
  leaveQr.abort();
  await client?.disconnect();
  client = undefined;
  await store.delete(`${NAME}:session`);
  show("phone", "Nobody is signed in on this device.");
}

/** Connects with the session that is kept on this device. */
async function resume(passphrase: string): Promise<void> {
  const opened = await open(passphrase);
  const me = await opened.getMe();
  if (me === undefined) await startAnew();
  else proceed(me);
}

async function showQr(): Promise<void> {
  const opened = await openAnew();
  leaveQr = new AbortController();
  const { signal } = leaveQr;
  const qrLogin = opened.qrLogin({ signal });
  show("qr", "The code changes by itself every few seconds.");
  try {
    for await (const { url } of qrLogin) {
      await drawQr(url);
      element<HTMLAnchorElement>("qr-link").href = url;
    }
    proceed(await qrLogin.result);
  } catch (error) {
    if (!signal.aborted && !(error instanceof LoginCancelledError)) throw error;
  }
}

async function drawQr(url: string): Promise<void> {
  const rows = await qrModules(url) ?? []; // too long for a code: the link stays
  const size = rows.length + 8;
  const path = rows.flatMap((row, y) =>
    row.map((dark, x) => dark ? `M${x + 4} ${y + 4}h1v1h-1z` : "")
  ).join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img"
    aria-label="QR code for signing in"><path fill="#fff" d="M0 0h${size}v${size}H0z"/>
    <path d="${path}"/></svg>`;
  element("qr-code").innerHTML = svg;
}

onSubmit("phone", "phone-number", async (phone) => {
  const opened = await openAnew();
  login = await opened.requestLoginCode(phone);
  if (login.deliveredBy === "notNeeded") return proceed(await opened.signIn(login, ""));
  const { codeLength, deliveredBy } = login;
  const digits = codeLength === undefined ? "A code" : `A code of ${codeLength} digits`;
  element("delivery").textContent = `${digits} was sent to you${WAYS[deliveredBy] ?? ""}.`;
  // Some codes are words.
  input("code-digits").inputMode = codeLength === undefined ? "text" : "numeric";
  show("code", "One more step.");
});

onSubmit("code", "code-digits", async (code) => {
  if (client !== undefined && login !== undefined) proceed(await client.signIn(login, code));
});

onSubmit("password", "password-text", async (text) => {
  if (client !== undefined && password !== undefined) {
    proceed(await client.checkPassword(password, text));
  }
});

onSubmit("unlock", "unlock-passphrase", resume);
onClick(element("forget"), startAnew);
onClick(element("to-qr"), showQr);
for (const button of document.querySelectorAll(".back")) onClick(button, startAnew);
onClick(element("sign-out"), async () => {
  await client?.signOut();
  await startAnew();
});

if (setting.offline !== undefined) {
  for (const { phone, code, password } of setting.offline.accounts) {
    const account = document.createElement("li");
    account.textContent = `${phone}, code ${code}${password ? `, password ${password}` : ""}`;
    element("accounts").append(account);
  }
  element("offline").hidden = false;
}
try {
  const kept = await store.get(`${NAME}:session`);
  if (typeof kept !== "string") show("phone", "Nobody is signed in on this device.");
  else if (kept.startsWith(SEALED)) show("unlock", "A session is kept on this device.");
  else await resume("");
} catch (error) {
  show("phone", "");
  sayWrong(error);
}
