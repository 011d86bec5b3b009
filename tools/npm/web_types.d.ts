/**
 * The types of the web that the declarations of the npm package name. In a project that has them,
 * from the library of browsers, `@types/node` or another, these are they. In a project that has
 * none, each is the part that every runtime offers. `build_npm.ts` lets the declarations import
 * them from here.
 */

/** What aborts a call: https://developer.mozilla.org/docs/Web/API/AbortSignal */
export type AbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Web } } ? Web
  : {
    readonly aborted: boolean;
    readonly reason: unknown;
    throwIfAborted(): void;
    addEventListener(type: "abort", listener: () => void): void;
    removeEventListener(type: "abort", listener: () => void): void;
  };

/** A URL: https://developer.mozilla.org/docs/Web/API/URL */
export type URL = typeof globalThis extends { URL: { prototype: infer Web } } ? Web
  : { readonly href: string; readonly protocol: string; readonly pathname: string };

/** Bytes that may be on a disk: https://developer.mozilla.org/docs/Web/API/Blob */
export type Blob = typeof globalThis extends { Blob: { prototype: infer Web } } ? Web : {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  slice(start?: number, end?: number, type?: string): Blob;
};

/** A Blob with a name: https://developer.mozilla.org/docs/Web/API/File */
export type File = typeof globalThis extends { File: { prototype: infer Web } } ? Web
  : Blob & { readonly name: string; readonly lastModified: number };

/** An answer of `fetch`: https://developer.mozilla.org/docs/Web/API/Response */
export type Response = typeof globalThis extends { Response: { prototype: infer Web } } ? Web : {
  readonly ok: boolean;
  readonly status: number;
  readonly url: string;
  readonly body: ReadableStream<Uint8Array> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
};

// @ts-ignore: only a project that has the type comes here; its parameter cannot be inferred.
type WebReadableStream<R> = globalThis.ReadableStream<R>;

/** A source of chunks: https://developer.mozilla.org/docs/Web/API/ReadableStream */
export type ReadableStream<R = unknown> = typeof globalThis extends { ReadableStream: unknown }
  ? WebReadableStream<R>
  : {
    readonly locked: boolean;
    cancel(reason?: unknown): Promise<void>;
    getReader(): {
      read(): Promise<{ done: false; value: R } | { done: true; value?: R }>;
      cancel(reason?: unknown): Promise<void>;
      releaseLock(): void;
    };
  };

// @ts-ignore: only a project that has the type comes here; its parameter cannot be inferred.
type WebWritableStream<W> = globalThis.WritableStream<W>;

/** A sink of chunks: https://developer.mozilla.org/docs/Web/API/WritableStream */
export type WritableStream<W = unknown> = typeof globalThis extends { WritableStream: unknown }
  ? WebWritableStream<W>
  : {
    readonly locked: boolean;
    abort(reason?: unknown): Promise<void>;
    getWriter(): {
      write(chunk: W): Promise<void>;
      close(): Promise<void>;
      abort(reason?: unknown): Promise<void>;
      releaseLock(): void;
    };
  };
