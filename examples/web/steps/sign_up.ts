/** Signing up: the name of a person whose phone number has no account, and Telegram's terms. */
import type { SignUpToken } from "@tessera/mtproto";
import type * as Api from "@tessera/mtproto/api";
import { element, input } from "../elements.ts";
import { phoneText } from "../phone_number.ts";
import { onSubmit, sayFieldWrong, show } from "../view.ts";
import type { Flow } from "./flow.ts";

/** Returns what shows the step. */
export function signUpStep({ telegram, proceed }: Flow): (token: SignUpToken) => void {
  let token: SignUpToken;
  const accept = input("accept");

  onSubmit("sign-up", "first-name", async (firstName, signal) => {
    if (token.termsOfService !== undefined && !accept.checked) {
      return sayFieldWrong(accept, "You can sign up only if you accept the Terms of Service.");
    }
    const lastName = input("last-name").value.trim();
    const account = { firstName, lastName, acceptTerms: true } as const;
    proceed(await telegram.client.signUp(token, account, { signal }));
  });

  return (next) => {
    token = next;
    const { phone, termsOfService } = token;
    element("sign-up-phone").textContent = `${
      phoneText(phone)
    } has no account yet. Enter your name to make one.`;
    for (const id of ["first-name", "last-name"]) input(id).value = "";
    accept.checked = false;
    element("terms-field").hidden = termsOfService === undefined;
    if (termsOfService !== undefined) showTerms(termsOfService);
    show("sign-up");
  };
}

function showTerms({ text, entities, minAgeConfirm }: Api.help.termsOfService): void {
  element("terms").replaceChildren(...withLinks(text, entities));
  element("accept-label").textContent = minAgeConfirm === undefined
    ? "I accept the Terms of Service"
    : `I accept the Terms of Service, and I am at least ${minAgeConfirm} years old`;
}

/** Returns a text with its links. The other entities are only looks. */
function withLinks(text: string, entities: readonly Api.MessageEntity[]): (string | Node)[] {
  const parts: (string | Node)[] = [];
  let at = 0;
  for (const entity of entities) {
    const { offset, length } = entity;
    const label = text.slice(offset, offset + length);
    const url = entity._ === "messageEntityTextUrl" ? entity.url : label;
    const isLink = entity._ === "messageEntityTextUrl" || entity._ === "messageEntityUrl";
    if (!isLink || offset < at || !/^https?:\/\//.test(url)) continue;
    const link = document.createElement("a");
    link.href = url;
    link.target = "_blank";
    link.rel = "noreferrer";
    link.textContent = label;
    parts.push(text.slice(at, offset), link);
    at = offset + length;
  }
  return [...parts, text.slice(at)];
}
