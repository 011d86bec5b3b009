/** The user of a session as `--json` prints it. */
import type { User } from "../auth/mod.ts";

/** A user, for programs. An id has at most 52 bits: every JSON reader holds it exactly. */
export function userJson(user: User): Record<string, unknown> {
  const { firstName, lastName, username } = user;
  return { id: Number(user.id), isBot: user.isBot, firstName, lastName, username };
}
