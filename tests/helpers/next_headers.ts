/**
 * Stands for `next/headers` where the handlers of examples/nextjs are called without Next.js: the
 * cookies that they set, and the headers of the request.
 */

/** A cookie as a handler sets it. */
export interface SetCookie {
  readonly value: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The cookies that handlers have set, by their names. */
export const setCookies: Map<string, SetCookie> = new Map();

/** The headers of the request of a server action. */
export const requestHeaders: Headers = new Headers();

/** The cookies of the response. */
export function cookies(): Promise<{
  set(name: string, value: string, options: Readonly<Record<string, unknown>>): void;
}> {
  return Promise.resolve({
    set: (name, value, options) => void setCookies.set(name, { value, options }),
  });
}

/** The headers of the request. */
export function headers(): Promise<Headers> {
  return Promise.resolve(requestHeaders);
}
