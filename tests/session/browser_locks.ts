/** The locks of a browser as its tabs see them, in memory. https://w3c.github.io/web-locks/ */

interface Waiting {
  readonly tab: Tab;
  grant(): void;
}

interface LockOptions {
  readonly ifAvailable?: boolean;
  readonly signal?: AbortSignal;
}

type WhileHeld = (lock: { name: string; mode: string } | null) => unknown;

/** A browser, whose tabs have one set of locks among them. */
export class Browser {
  readonly #held = new Map<string, Tab>();
  readonly #queues = new Map<string, Waiting[]>();

  /** Opens a tab. */
  open(): Tab {
    return new Tab(this);
  }

  /** Whether a lock is held. */
  isHeld(name: string): boolean {
    return this.#held.has(name);
  }

  /** Exclusive locks, granted in the order in which they were asked for. */
  request(tab: Tab, name: string, options: LockOptions, whileHeld: WhileHeld): Promise<unknown> {
    const { ifAvailable = false, signal } = options;
    if (ifAvailable && signal !== undefined) {
      return Promise.reject(new DOMException("No signal with ifAvailable", "NotSupportedError"));
    }
    if (signal?.aborted) return Promise.reject(signal.reason);
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    if (ifAvailable && (this.#held.has(name) || queue.length > 0)) {
      return Promise.resolve().then(() => whileHeld(null));
    }
    return new Promise((resolve, reject) => {
      const waiting = {
        tab,
        grant: (): void => {
          signal?.removeEventListener("abort", abort);
          this.#held.set(name, tab);
          const result = Promise.resolve().then(() => whileHeld({ name, mode: "exclusive" }));
          result.then(resolve, reject).finally(() => this.#release(name, tab));
        },
      };
      const abort = (): void => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      queue.push(waiting);
      this.#grantNext(name);
    });
  }

  /** What ends with a tab: its locks, and its requests. */
  closed(tab: Tab): void {
    for (const [name, queue] of this.#queues) {
      this.#queues.set(name, queue.filter((waiting) => waiting.tab !== tab));
      this.#release(name, tab);
    }
  }

  #release(name: string, tab: Tab): void {
    if (this.#held.get(name) !== tab) return;
    this.#held.delete(name);
    this.#grantNext(name);
  }

  #grantNext(name: string): void {
    if (!this.#held.has(name)) this.#queues.get(name)?.shift()?.grant();
  }
}

/** A tab: what `navigator.locks` is to its scripts. */
export class Tab {
  readonly #browser: Browser;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  request(name: string, options: LockOptions, whileHeld: WhileHeld): Promise<unknown> {
    return this.#browser.request(this, name, options, whileHeld);
  }

  /** Closes it, whatever its scripts are doing. */
  close(): void {
    this.#browser.closed(this);
  }
}
