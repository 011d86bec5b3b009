/**
 * What the steps of signing in need of a client, and no more, so that they can be driven by a scripted fake as well.
 * Also the one way in which steps call Telegram: following it to the data center where the account lives.
 */
import { RpcError } from "../connection/mod.ts";
import { abortable, type Clock, type Logger, type Random } from "../runtime/mod.ts";
import type { Session } from "../session/mod.ts";
import type { Api } from "../tl/mod.ts";

/** A method of the API with its parameters: `{ _: "auth.logOut" }`. */
export type MethodCall<M extends keyof Api.Methods> = { _: M } & Api.Methods[M]["params"];

/** What the steps of signing in work with. `Client` is one. */
export interface SignInContext {
  /** The application's id, from https://my.telegram.org. */
  readonly apiId: number;
  /** The application's hash, from the same page. A secret. */
  readonly apiHash: string;
  /** Where the user who has signed in is written down. */
  readonly session: Session;
  /** Random bytes, for the password's proof. */
  readonly random: Random;
  /** Time, for waiting between attempts. */
  readonly clock: Clock;
  /** What is worth telling. */
  readonly log: Logger;
  /** Aborted when the client is disconnected; what waits then gives up. */
  readonly lifetime?: AbortSignal;
  /** Whether the home data center's key was only now made, so that nobody can be signed in with it: saves a question. */
  readonly keyIsNew?: boolean;
  /** Has the session loaded, if it is not yet. */
  ready(): Promise<void>;
  /** Calls a method at the home data center. Throws `RpcError`. */
  invoke<M extends keyof Api.Methods>(
    request: MethodCall<M>,
    options?: StepOptions,
  ): Promise<Api.Methods[M]["result"]>;
  /** Makes another data center the home. */
  switchDc(dcId: number): Promise<void>;
  /** Has every update told to `listener`, until the function that it gives is called. */
  subscribe(listener: (updates: Api.Updates) => void): () => void;
}

/** What every step takes besides its arguments. */
export interface StepOptions {
  /** Gives up the step when aborted: it throws the signal's reason, and the client stays usable. */
  signal?: AbortSignal;
}

/** Two moves are ordinary (the network's, then the account's); more are a server that sends us in circles. */
const MAX_MOVES = 3;

/** The data center that an error sends us to: https://core.telegram.org/api/datacenter#user-migration */
function migrationTarget(error: unknown): number | undefined {
  const moves = error instanceof RpcError && error.code === 303 &&
    (error.is("PHONE_MIGRATE") || error.is("USER_MIGRATE") || error.is("NETWORK_MIGRATE"));
  return moves ? error.value : undefined;
}

/** Calls a method at the home data center, which is moved when Telegram says that the account lives in another. */
export async function invokeAtHome<M extends keyof Api.Methods>(
  context: SignInContext,
  request: MethodCall<M>,
  options: StepOptions = {},
): Promise<Api.Methods[M]["result"]> {
  for (let moves = 0;; moves++) {
    options.signal?.throwIfAborted();
    try {
      return await context.invoke(request, options);
    } catch (error) {
      const dcId = migrationTarget(error);
      if (dcId === undefined || moves === MAX_MOVES) throw error;
      context.log.info(`The account lives in DC ${dcId}: moving there`);
      await abortable(context.switchDc(dcId), options.signal);
    }
  }
}
