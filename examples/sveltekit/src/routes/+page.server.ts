/** The form actions of the page: both steps of a sign-in. Without JavaScript they work as well. */
import { settings } from "../lib/server/settings.ts";
import { type Answer, requestCode, signIn, textsOf } from "../lib/server/sign_in.ts";

/** The event of SvelteKit, as far as it is used here. */
interface Event {
  readonly request: Request;
  readonly cookies: {
    set(name: string, value: string, options: { path: string; maxAge: number }): void;
  };
  getClientAddress(): string;
}

/** What the page shows next. The name of the account is in the cookie only. */
interface Shown {
  readonly step: "phone" | "code" | "password" | "done";
  readonly login?: string;
  readonly sentBy?: string;
  readonly hint?: string;
  readonly name?: string;
  readonly error?: string;
  readonly seconds?: number;
}

const MONTH = 30 * 24 * 60 * 60;

export const actions = {
  async code({ request, getClientAddress }: Event): Promise<Shown> {
    const { phone = "" } = textsOf(await request.formData());
    return show(await requestCode(phone, getClientAddress(), settings()), { step: "phone" });
  },

  async signIn({ request, cookies }: Event): Promise<Shown> {
    const fields = textsOf(await request.formData());
    const answer = await signIn(fields, settings());
    // SvelteKit's cookies are httpOnly, sameSite "lax", and secure except on localhost.
    if (answer.kind === "user") {
      cookies.set("account", answer.account, { path: "/", maxAge: MONTH });
    }
    const step = fields.password === undefined ? "code" : "password";
    return show(answer, { step, login: fields.login });
  },
};

/** Returns what to show after an answer; after an error, the same step again. */
function show(answer: Answer, before: Shown): Shown {
  switch (answer.kind) {
    case "code":
      return { step: "code", login: answer.login, sentBy: answer.sentBy };
    case "password":
      return { step: "password", login: answer.login, hint: answer.hint };
    case "user":
      return { step: "done", name: answer.name };
    case "error": {
      const { error, seconds } = answer;
      return error === "codeExpired" ? { step: "phone", error } : { ...before, error, seconds };
    }
  }
}
