/** The password of Two-Step Verification, and the way around a forgotten one. */
import type { PasswordToken } from "@tessera/mtproto";
import { button, element, input } from "../elements.ts";
import { onPress, onSubmit, show } from "../view.ts";
import type { SentEmail } from "./email.ts";
import type { Flow } from "./flow.ts";

/** Returns what shows the step. `showEmailCode` shows the step of the code of a recovery. */
export function passwordStep(
  { telegram, proceed }: Flow,
  showEmailCode: (sent: SentEmail) => void,
): (token: PasswordToken) => void {
  let token: PasswordToken;
  let code = "";

  function shown(): void {
    element("password-hint").textContent = token.hint ? `Hint: ${token.hint}` : "";
    // Managers of passwords look for the name of the account.
    input("username").value = input("phone-number").value;
    show("password");
  }

  onSubmit("password", "password-text", async (text, signal) => {
    proceed(await telegram.client.checkPassword(token, text, { signal }));
  });
  onPress(button("forgot"), async (signal) => {
    if (!token.hasRecovery) return void show("no-recovery");
    const { client } = telegram;
    const { emailPattern: pattern } = await client.requestPasswordRecovery(token, { signal });
    showEmailCode({
      pattern,
      async again(signal) {
        await client.requestPasswordRecovery(token, { signal });
      },
      async use(typed, signal) {
        await client.checkRecoveryCode(typed, { signal });
        code = typed;
        input("new-hint").value = "";
        show("new-password");
      },
      back: { name: "Back to the password", go: shown },
    });
  });
  button("to-password").addEventListener("click", shown);
  onSubmit("new-password", "new-password-text", async (newPassword, signal) => {
    const recovered = { newPassword, hint: input("new-hint").value.trim() };
    proceed(await telegram.client.recoverPassword(token, code, recovered, { signal }));
  });
  onPress(button("no-password"), async (signal) => {
    proceed(await telegram.client.recoverPassword(token, code, {}, { signal }));
  });

  return (next) => {
    token = next;
    shown();
  };
}
