/**
 * Calls that steps have in common: a step that is one call, made where the account lives, with what goes wrong said in the step's
 * words; and the call with which signing in begins.
 */
import { RpcError } from "../connection/mod.ts";
import type { Api } from "../tl/mod.ts";
import { invokeAtHome, type MethodCall, type SignInContext, type StepOptions } from "./context.ts";
import { toSignInError } from "./errors.ts";

/** Calls a method for a step. `doing` says what the step does, as in "Cannot list devices". */
export async function call<M extends keyof Api.Methods>(
  context: SignInContext,
  request: MethodCall<M>,
  doing: string,
  options?: StepOptions,
): Promise<Api.Methods[M]["result"]> {
  try {
    return await invokeAtHome(context, request, options);
  } catch (error) {
    throw toSignInError(error, doing);
  }
}

/** Makes the call with which signing in begins; once more, if Telegram asks to begin again. */
export async function begin<M extends keyof Api.Methods>(
  context: SignInContext,
  request: MethodCall<M>,
  options: StepOptions,
): Promise<Api.Methods[M]["result"]> {
  try {
    return await invokeAtHome(context, request, options);
  } catch (error) {
    if (!(error instanceof RpcError && error.is("AUTH_RESTART"))) throw error;
    return await invokeAtHome(context, request, options);
  }
}
