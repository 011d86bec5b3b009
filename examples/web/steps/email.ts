/**
 * Emails with codes: the step of such a code, and the one of a login email, which Telegram wants of
 * some accounts before it sends them a login code.
 */
import type { LoginToken } from "@tessera/mtproto";
import { button, element, input } from "../elements.ts";
import { codeIn } from "../field.ts";
import { announce, onPress, onSubmit, show } from "../view.ts";
import type { Flow } from "./flow.ts";

/** The digits of all codes that Telegram sends by email, where it does not name another number. */
const LENGTH = 6;

/** An email that is sent and has a code. */
export interface SentEmail {
  /** The address, with most of it hidden. */
  readonly pattern: string;
  readonly length?: number;
  /** Sends another email. */
  again(signal: AbortSignal): Promise<void>;
  /** Goes on with the code. */
  use(code: string, signal: AbortSignal): Promise<void>;
  /** The way back, and its name. */
  readonly back: { readonly name: string; go(): void };
}

/** Returns what shows the step of a code in an email. */
export function emailCodeStep(): (sent: SentEmail) => void {
  const field = input("email-digits");
  let sent: SentEmail;
  field.addEventListener("input", () => {
    const code = codeIn(field.value, sent.length ?? LENGTH);
    if (code !== field.value.trim()) field.value = code;
  });
  onSubmit("email-code", "email-digits", (code, signal) => sent.use(code, signal));
  onPress(button("email-again"), async (signal) => {
    await sent.again(signal);
    announce(`Another email was sent to ${sent.pattern}.`);
    field.value = "";
    field.focus();
  });
  button("email-back").addEventListener("click", () => sent.back.go());
  return (next) => {
    sent = next;
    field.value = "";
    element("email-code-text").textContent = `We’ve sent a code to ${sent.pattern}.`;
    button("email-back").textContent = sent.back.name;
    show("email-code");
  };
}

/** Returns what shows the step of a login email. `showCode` shows the login code's step. */
export function loginEmailStep(
  { telegram }: Flow,
  showEmailCode: (sent: SentEmail) => void,
  showCode: (login: LoginToken) => void,
): (login: LoginToken) => void {
  let login: LoginToken;
  const shown = (token: LoginToken): void => {
    login = token;
    show("email");
  };
  onSubmit("email", "email-address", async (address, signal) => {
    const { client } = telegram;
    const { emailPattern, length } = await client.setUpLoginEmail(login, address, { signal });
    showEmailCode({
      pattern: emailPattern,
      length,
      async again(signal) {
        await client.setUpLoginEmail(login, address, { signal });
      },
      async use(code, signal) {
        showCode(await client.verifyLoginEmail(login, code, { signal }));
      },
      back: { name: "Use another email", go: () => shown(login) },
    });
  });
  return shown;
}
