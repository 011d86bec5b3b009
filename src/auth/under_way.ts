/** The sign-ins that are under way with a session. */
import { abortable } from "../runtime/mod.ts";
import type { Session } from "../session/mod.ts";

/** The end of the sign-ins that are under way with a session. */
const underWay = new WeakMap<Session, Promise<unknown>>();

/** Resolves when no sign-in is under way with a session. */
export async function signInsEnded(session: Session): Promise<void> {
  for (let end; (end = underWay.get(session)) !== undefined;) {
    await end;
    if (underWay.get(session) === end) underWay.delete(session);
  }
}

/** Notes a sign-in until it ends. */
export async function signingIn<T>(session: Session, work: Promise<T>): Promise<T> {
  underWay.set(session, Promise.allSettled([underWay.get(session), work]));
  return await work;
}

/**
 * Signs in after the sign-in that is under way with the same session, whose user is found then. A
 * page that is drawn twice starts twice.
 */
export async function afterOther<T>(
  session: Session,
  signal: AbortSignal | undefined,
  signIn: () => Promise<T>,
): Promise<T> {
  const before = underWay.get(session);
  return await signingIn(
    session,
    before === undefined ? signIn() : abortable(before, signal).then(signIn),
  );
}
