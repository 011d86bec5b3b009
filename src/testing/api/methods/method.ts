/**
 * The shape of a method: which callers it admits, and how it answers. The schema of layer 228
 * types requests and answers.
 */
import type { Api } from "../../../tl/mod.ts";
import type { Caller } from "../caller.ts";
import type { Account } from "../state/account.ts";
import type { Authorization } from "../state/authorizations.ts";
import type { ServerState } from "../state/server_state.ts";

/** The name of a method of the API. */
export type MethodName = keyof Api.Methods & string;

/** One call of a method. */
export interface Call {
  readonly state: ServerState;
  readonly caller: Caller;
}

/** A call by an account that is signed in. */
export interface SignedInCall extends Call {
  readonly authorization: Authorization;
  readonly account: Account;
}

/** A call as it arrives: with the parameters that it may leave out. */
export type Params<M extends MethodName> =
  & Api.Methods[M]["params"]
  & (Api.Methods[M] extends { defaults: infer D extends keyof Api.Methods[M]["params"] }
    ? Required<Pick<Api.Methods[M]["params"], D>>
    : unknown);
type Result<M extends MethodName> = Api.Methods[M]["result"];

/** The answer, or a promise of one that waits for a bot. */
type Answer<M extends MethodName> = Result<M> | Promise<Result<M>>;

/** A method that does not require its caller to be signed in. */
export interface OpenMethod<M extends MethodName> {
  readonly callers: "anyone" | "anyone but bots";
  answer(request: Params<M>, call: Call): Answer<M>;
}

/** A method for accounts that are signed in. */
export interface SignedInMethod<M extends MethodName> {
  readonly callers: "users and bots" | "users";
  answer(request: Params<M>, call: SignedInCall): Answer<M>;
}

/** A method. */
export type Method<M extends MethodName = MethodName> = OpenMethod<M> | SignedInMethod<M>;

/** A table of methods by name. */
export type Methods = { readonly [M in MethodName]?: Method<M> };
