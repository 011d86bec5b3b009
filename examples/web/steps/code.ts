/** The step of the login code: where it is, entering it, and the next way to have it sent. */
import { type LoginToken, SignInError } from "@tessera/mtproto";
import { button, element, input } from "../elements.ts";
import { codeIn } from "../field.ts";
import { phoneText } from "../phone_number.ts";
import { announce, onPress, onSubmit, show } from "../view.ts";
import { clockTime, deliveryWords, RESEND, RESEND_WAIT } from "../words.ts";
import type { Flow } from "./flow.ts";

/** Returns what shows the step. `showEmail` shows the step of a login email that is missing. */
export function codeStep(
  { telegram, proceed }: Flow,
  showEmail: (login: LoginToken) => void,
): (login: LoginToken) => void {
  const field = input("code-text");
  const form = element<HTMLFormElement>("code");
  const resend = button("resend");
  let login: LoginToken;
  let refused = "";
  /** Whether the code has expired: the next one is asked for anew, not sent again. */
  let isOver = false;

  function shown(token: LoginToken): void {
    if (token.deliveredBy === "emailSetUpRequired") return showEmail(token);
    login = token;
    isOver = false;
    refused = "";
    const { delivery, codeLength } = token;
    // Codes of words have no length.
    field.inputMode = codeLength === undefined ? "text" : "numeric";
    field.value = "";
    const signal = show("code");
    element("delivery").textContent = deliveryWords(delivery, phoneText(token.phone));
    announce(element("delivery").textContent ?? "");
    button("no-email").hidden = delivery.by !== "email" ||
      delivery.resetAvailablePeriod === undefined;
    waitForResend(token, signal);
  }

  /** Counts the seconds until the code can be sent again, then offers that. */
  function waitForResend({ nextBy, timeout = 0 }: LoginToken, signal: AbortSignal): void {
    const wait = element("resend-wait");
    resend.hidden = true;
    wait.textContent = "";
    if (nextBy === undefined) return;
    const at = performance.now() + timeout * 1000;
    const update = (): void => {
      const left = Math.ceil((at - performance.now()) / 1000);
      if (left > 0) {
        wait.textContent = `${RESEND_WAIT[nextBy]} ${clockTime(left)}.`;
        return;
      }
      clearInterval(timer);
      wait.textContent = "";
      if (!isOver) offer(RESEND[nextBy] ?? "Send the code again");
    };
    const timer = setInterval(update, 1000);
    signal.addEventListener("abort", () => clearInterval(timer));
    update();
  }

  function offer(text: string): void {
    resend.textContent = text;
    resend.dataset.busy = "Asking for a code…";
    resend.hidden = false;
    announce(`You can now choose: ${text}`);
  }

  field.addEventListener("input", () => {
    const { codeLength } = login;
    const code = codeIn(field.value, codeLength);
    if (code !== field.value.trim()) field.value = code;
    const isWhole = codeLength !== undefined && code.length === codeLength && /^\d+$/.test(code);
    if (isWhole && code !== refused) form.requestSubmit();
  });
  onSubmit("code", "code-text", async (code, signal) => {
    refused = code;
    try {
      proceed(await telegram.client.signIn(login, code, { signal }));
    } catch (error) {
      if (error instanceof SignInError && /codeExpired|restartNeeded/.test(error.reason)) {
        isOver = true;
        element("resend-wait").textContent = "";
        offer("Send a new code");
      }
      throw error;
    }
  });
  onPress(button("resend"), async (signal) => {
    const { client } = telegram;
    const next = isOver
      ? await client.requestLoginCode(login.phone, { signal })
      : await client.resendCode(login, { signal });
    if (next.outcome !== undefined) proceed(next.outcome);
    else shown(next);
  });
  onPress(button("no-email"), async (signal) => {
    shown(await telegram.client.resetLoginEmail(login, { signal }));
  });
  return shown;
}
