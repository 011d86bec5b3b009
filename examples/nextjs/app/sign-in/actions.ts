/** The server action of the form: both steps of a sign-in. */
"use server";
import { cookies, headers } from "next/headers";
import { ACCOUNT_COOKIE, addressIn, settings } from "../../lib/settings.ts";
import { type Answer, requestCode, signIn, textsOf } from "../../lib/sign_in.ts";

/** What the form shows next: the last answer, and the sign-in that it belongs to. */
export interface FormState {
  readonly step: "phone" | "code" | "password" | "done";
  readonly login?: string;
  readonly text?: string;
}

/** Takes a step with the fields of the form. */
export async function takeStep(state: FormState, form: FormData): Promise<FormState> {
  const fields = textsOf(form);
  const answer: Answer = state.step === "phone"
    ? await requestCode(fields.phone ?? "", addressIn(await headers()), settings())
    : await signIn({ ...fields, login: state.login }, settings());
  switch (answer.kind) {
    case "code":
      return { step: "code", login: answer.login, text: `Sent by ${answer.sentBy}.` };
    case "password":
      return { step: "password", login: answer.login, text: answer.hint };
    case "user":
      (await cookies()).set("account", answer.account, ACCOUNT_COOKIE);
      return { step: "done", text: `Hello, ${answer.name}!` };
    case "error": {
      const isOver = answer.error === "codeExpired";
      const wait = answer.seconds === undefined ? "" : ` Wait ${answer.seconds} seconds.`;
      return { ...(isOver ? { step: "phone" } : state), text: `${answer.error}.${wait}` };
    }
  }
}
