/**
 * The sign-ins that are under way with a session. Those of `start()` take turns. One by QR code
 * runs beside them, as a page may offer both; the first that succeeds ends the others.
 */
import { abortable, withAnySignal } from "../runtime/mod.ts";
import type { Session } from "../session/mod.ts";
import type { SignInContext } from "./context.ts";
import { LoginCancelledError } from "./errors.ts";

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

/** The sign-ins that wait for somebody, by session: their signals, and what aborts them. */
const waiting = new WeakMap<Session, Map<AbortSignal, AbortController>>();

/**
 * Signs in with a signal that aborts when the client is disconnected, when `signal` does, or when
 * another sign-in with the session succeeds before.
 */
export async function unlessOther<T>(
  { session, lifetime }: Pick<SignInContext, "session" | "lifetime">,
  signal: AbortSignal | undefined,
  signIn: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const all = waiting.get(session) ?? new Map();
  waiting.set(session, all);
  const overtaken = new AbortController();
  const run = async (own: AbortSignal): Promise<T> => {
    all.set(own, overtaken);
    try {
      return await signIn(own);
    } finally {
      all.delete(own);
    }
  };
  return await withAnySignal(
    lifetime,
    signal,
    (given) => withAnySignal(overtaken.signal, given, run),
  );
}

/** Ends the sign-ins with a session that still wait, but for that with the signal `own`. */
export function endOthers(session: Session, own: AbortSignal | undefined): void {
  const text = "another sign-in with this session was faster. getMe() tells who is signed in.";
  for (const [signal, overtaken] of waiting.get(session) ?? []) {
    if (signal !== own) overtaken.abort(new LoginCancelledError({ text }));
  }
}
