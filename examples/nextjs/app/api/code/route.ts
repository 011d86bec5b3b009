/** A route handler, in the Node runtime: the first step of a sign-in. */
import { addressIn, settings } from "../../../lib/settings.ts";
import { fieldsOf, requestCode, statusOf } from "../../../lib/sign_in.ts";

export async function POST(request: Request): Promise<Response> {
  const fields = await fieldsOf(request);
  if (fields === undefined) {
    return Response.json({ kind: "error", error: "badRequest" }, { status: 400 });
  }
  const answer = await requestCode(fields.phone ?? "", addressIn(request.headers), settings());
  return Response.json(answer, { status: statusOf(answer) });
}
