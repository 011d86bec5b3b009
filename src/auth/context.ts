/**
 * The parts of a client that the steps of signing in use, and no more, so that a scripted fake can
 * drive them as well.
 */
import type { Clock, Logger, Random } from "../runtime/mod.ts";
import type { Session } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";

/** A method of the API with its parameters: `{ _: "auth.logOut" }`. */
export type MethodCall<M extends keyof Api.Methods> = { _: M } & Api.Methods[M]["params"];

/** A client, as the steps of signing in see it. */
export interface SignInContext {
  /** The application's id, from https://my.telegram.org. */
  readonly apiId: number;
  /** The application's hash, from the same page. A secret. */
  readonly apiHash: string;
  /** The session in which the user who signs in is noted. */
  readonly session: Session;
  /** Random bytes, for the proof of the password. */
  readonly random: Random;
  /** Time, for waiting between attempts. */
  readonly clock: Clock;
  readonly log: Logger;
  /** Aborted when the client is disconnected. */
  readonly lifetime?: AbortSignal;
  /**
   * Whether the home's key was made just now, so that nobody can be signed in with it. It saves a
   * question.
   */
  readonly keyIsNew?: boolean;
  /** Loads the session and connects; does nothing if that is done. */
  connect(options?: StepOptions): Promise<void>;
  /** Loads the session, if it is not loaded yet. Rejects when the client is disconnected. */
  ready(): Promise<void>;
  /** Saves the session. */
  save(): Promise<void>;
  /** Takes the error with which Telegram has ended the sign-in. */
  signInEnded?(error: Error): void;
  /**
   * Calls a method at the home data center, and follows the account to another one. Throws
   * `RpcError`.
   */
  invoke<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    options?: StepOptions,
  ): Promise<Api.Methods[M]["result"]>;
  /** Makes another data center the home. A move that fails leaves the home as it was. */
  moveHome(dcId: number): Promise<void>;
  /** Passes every update to `listener`. Returns a function that ends this. */
  subscribe(listener: (updates: Api.Updates) => void): () => void;
}

/** The options that every step takes. */
export interface StepOptions {
  /** Ends the step when aborted: it throws the signal's reason, and the client stays usable. */
  signal?: AbortSignal;
}
