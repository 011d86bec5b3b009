/** The note for people who try the page with an offline Telegram: its accounts and its emails. */
import { element, make } from "./elements.ts";
import { phoneText } from "./phone_number.ts";
import type { OfflineAccount } from "./telegram.ts";

/** Shows the accounts. A number that is pressed is filled in. */
export function showOffline(
  accounts: readonly OfflineAccount[],
  fill: (phone: string) => void,
): void {
  element("accounts").replaceChildren(...accounts.map(({ phone, code, password, note }) => {
    const item = make("li", "");
    const use = make("button", phoneText(phone), "small quiet");
    use.type = "button";
    use.addEventListener("click", () => {
      if (!element("phone").hidden) fill(phone);
    });
    const parts = [code && `code ${code}`, password && `password ${password}`, note];
    item.append(use, make("span", parts.filter(Boolean).join(", ")));
    return item;
  }));
  element("offline").hidden = false;
  new MutationObserver(() => void showInbox()).observe(element("email-code"), {
    attributeFilter: ["hidden", "aria-busy"],
  });
}

/** Shows the code of the newest email, while the page asks for it. */
async function showInbox(): Promise<void> {
  const inbox = element("inbox");
  const isAsked = !element("email-code").hidden;
  const { code } = isAsked ? await (await fetch("inbox.json")).json() : { code: undefined };
  inbox.hidden = code === undefined;
  inbox.textContent = code === undefined ? "" : `The newest email has the code ${code}.`;
}
