/**
 * The sign-in page: the steps, and how one leads to the next. docs/runtimes.md says how to run it.
 *
 *     opening ─┬→ unlock ──────────────────────────────┐
 *              └→ phone ─┬→ code ─┬→ password ─────────┼→ account
 *                        └→ qr ───┤    └→ email code ──┤
 *                                 └→ sign-up ──────────┘
 */
import type { ConnectionStatus } from "@tessera/mtproto";
import { indexedDbStore } from "@tessera/mtproto/stores";
import { element } from "./elements.ts";
import { showOffline } from "./offline.ts";
import { accountStep } from "./steps/account.ts";
import { codeStep } from "./steps/code.ts";
import { emailCodeStep, loginEmailStep } from "./steps/email.ts";
import type { Flow } from "./steps/flow.ts";
import { openingStep, takeLock } from "./steps/opening.ts";
import { passwordStep } from "./steps/password.ts";
import { phoneStep } from "./steps/phone.ts";
import { qrStep } from "./steps/qr.ts";
import { signUpStep } from "./steps/sign_up.ts";
import { type Setting, Telegram } from "./telegram.ts";
import { leave, prepare } from "./view.ts";
import { wordsFor } from "./words.ts";

function showConnection({ state }: ConnectionStatus): void {
  const isLost = state === "waiting";
  element("connection").hidden = !isLost;
  element("connection").textContent = isLost ? "No connection to Telegram. Trying again…" : "";
}

async function begin(): Promise<void> {
  prepare();
  await takeLock();
  const setting: Setting = await (await fetch("setting.json")).json();
  const telegram = new Telegram(setting, await indexedDbStore(), showConnection);
  const flow: Flow = {
    telegram,
    proceed(outcome) {
      if (outcome.kind === "user") showAccount(outcome);
      else if (outcome.kind === "password") showPassword(outcome);
      else showSignUp(outcome);
    },
    async restart(why) {
      leave();
      await telegram.forget();
      showConnection({ state: "closed" });
      phone.show(why);
    },
  };
  const showAccount = accountStep(flow);
  const showSignUp = signUpStep(flow);
  const showEmailCode = emailCodeStep();
  const showPassword = passwordStep(flow, showEmailCode);
  const showCode = codeStep(flow, (login) => showLoginEmail(login));
  const showLoginEmail = loginEmailStep(flow, showEmailCode, showCode);
  const showQr = qrStep(flow, () => phone.choice());
  const phone = phoneStep(flow, setting.offline !== undefined, showCode, showQr);
  const open = openingStep(flow);

  for (const back of document.querySelectorAll(".back")) {
    back.addEventListener("click", () => void flow.restart());
  }
  if (setting.offline !== undefined) showOffline(setting.offline.accounts, phone.fill);
  await open();
}

begin().catch((error) => {
  element("opening-text").textContent = wordsFor(error).text;
  element("opening-text").classList.remove("waiting");
});
