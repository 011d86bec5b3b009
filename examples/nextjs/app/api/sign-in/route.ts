/** A route handler, in the Node runtime: the code or the password of a sign-in. */
import { cookies } from "next/headers";
import { ACCOUNT_COOKIE, settings } from "../../../lib/settings.ts";
import { fieldsOf, signIn, statusOf } from "../../../lib/sign_in.ts";

export async function POST(request: Request): Promise<Response> {
  const fields = await fieldsOf(request);
  if (fields === undefined) {
    return Response.json({ kind: "error", error: "badRequest" }, { status: 400 });
  }
  const answer = await signIn(fields, settings());
  if (answer.kind !== "user") return Response.json(answer, { status: statusOf(answer) });
  const { account, ...shown } = answer;
  (await cookies()).set("account", account, ACCOUNT_COOKIE);
  return Response.json(shown);
}
