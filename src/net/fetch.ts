/** The function `fetch` of the web, as far as a client calls it. */

/** What a client asks of {@linkcode Fetch}. A runtime that knows more fields gets them, too. */
export interface FetchInit {
  /** `GET` if there is none. */
  readonly method?: "POST";
  /** The headers by name; mostly there are none. */
  readonly headers?: Record<string, string>;
  /** The body of a POST. */
  readonly body?: Uint8Array<ArrayBuffer>;
  /** A redirection must not be followed. */
  readonly redirect: "manual";
  /** Ends the request when it aborts. */
  readonly signal: AbortSignal;
}

/** The global `fetch`, or a function like it, such as one that goes through a proxy. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;
