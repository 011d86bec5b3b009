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

/** An answer without the name of the account, which only the cookie has. */
type Shown = Exclude<Answer, { kind: "user" }> | { readonly kind: "user"; readonly name: string };

const MONTH = 30 * 24 * 60 * 60;

export const actions = {
  async code({ request, getClientAddress }: Event): Promise<Shown> {
    const { phone = "" } = textsOf(await request.formData());
    return withoutAccount(await requestCode(phone, getClientAddress(), settings()));
  },

  async signIn({ request, cookies }: Event): Promise<Shown> {
    const answer = await signIn(textsOf(await request.formData()), settings());
    // SvelteKit's cookies are httpOnly, sameSite "lax", and secure except on localhost.
    if (answer.kind === "user") {
      cookies.set("account", answer.account, { path: "/", maxAge: MONTH });
    }
    return withoutAccount(answer);
  },
};

function withoutAccount(answer: Answer): Shown {
  return answer.kind === "user" ? { kind: "user", name: answer.name } : answer;
}
