// The shape of a method: who may call it, and what it answers. Requests and answers are those of layer 227, typed
// by its schema.

import type { Api } from "../../../tl/mod.ts";
import type { Account } from "../state/account.ts";
import type { Authorization } from "../state/authorizations.ts";
import type { Caller } from "../caller.ts";
import type { World } from "../state/server_state.ts";

/** The name of a method of the API. */
export type MethodName = keyof Api.Methods & string;

/** One call of a method. */
export interface Call {
  readonly world: World;
  readonly caller: Caller;
}

/** A call by somebody who is signed in. */
export interface SignedInCall extends Call {
  readonly authorization: Authorization;
  readonly account: Account;
}

type Params<M extends MethodName> = Api.Methods[M]["params"];
type Result<M extends MethodName> = Api.Methods[M]["result"];

/** A method that needs nobody to be signed in. */
export interface OpenMethod<M extends MethodName> {
  /** `anyone`, or anyone `but bots`. */
  readonly who: "anyone" | "anyone but bots";
  answer(request: Params<M>, call: Call): Result<M>;
}

/** A method for those who are signed in. */
export interface SignedInMethod<M extends MethodName> {
  /** `members` are users and bots. */
  readonly who: "members" | "users";
  answer(request: Params<M>, call: SignedInCall): Result<M>;
}

/** A method. */
export type Method<M extends MethodName = MethodName> = OpenMethod<M> | SignedInMethod<M>;

/** Methods by name. */
export type Methods = { readonly [M in MethodName]?: Method<M> };
