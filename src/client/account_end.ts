/**
 * How an account ends, as `client.closed` tells: by a disconnection, by a sign-out, or by an error.
 * After an end, the next `connect()` or sign-in begins anew, with an end of its own.
 */
export class AccountEnd {
  #settle: PromiseWithResolvers<void> = newEnd();
  #isWatched = false;
  /** Whether the end has come without a disconnection: the next sign-in begins anew. */
  #isOver = false;
  /** The disconnection after which the present end was made. */
  #before: Promise<void> | undefined;
  /** Whether a user was signed in when the session was loaded or saved the last time. */
  #hadUser = false;

  /** Resolves at a disconnection or a sign-out, or rejects with the error that was the end. */
  get promise(): Promise<void> {
    this.#isWatched = true;
    return this.#settle.promise;
  }

  /** Whether the program waits for it. */
  get isWatched(): boolean {
    return this.#isWatched;
  }

  /** The end that comes next; another one once the account has begun anew. */
  get present(): unknown {
    return this.#settle;
  }

  /** Takes the error that has ended the sign-in. */
  fail(error: Error): void {
    this.#isOver = true;
    this.#settle.reject(error);
  }

  /** Ends with a disconnection; with an error, if that fails or `lost` tells one. */
  follow(closing: Promise<void>, lost: () => Error | undefined): void {
    const { resolve, reject } = this.#settle;
    closing.then(() => {
      const error = lost();
      if (error === undefined) resolve();
      else reject(error);
    }, reject);
  }

  /** Takes note that the account is opened again after a disconnection. */
  connecting(closing: Promise<void>): void {
    if (this.#before !== closing) this.#beginAnew(closing);
  }

  /** Takes note of the user when the session is loaded. */
  loaded(hasUser: boolean): void {
    this.#hadUser = hasUser;
  }

  /** Takes note of a sign-in or sign-out; `closing` is the last disconnection. */
  saving(hasUser: boolean, closing: Promise<void> | undefined): void {
    if (hasUser && this.#isOver) this.#beginAnew(closing);
    if (!hasUser && this.#hadUser) {
      this.#isOver = true;
      this.#settle.resolve();
    }
    this.#hadUser = hasUser;
  }

  #beginAnew(closing: Promise<void> | undefined): void {
    this.#before = closing;
    this.#settle = newEnd();
    this.#isWatched = this.#isOver = false;
  }
}

/** A client need not be asked how it ended: its rejection is not left unhandled. */
function newEnd(): PromiseWithResolvers<void> {
  const end = Promise.withResolvers<void>();
  end.promise.catch(() => {});
  return end;
}
