/**
 * The calls that steps make. Their errors are put in the words of the step.
 */
import { RpcError } from "../connection/mod.ts";
import type { Api } from "../tl/mod.ts";
import type { MethodCall, SignInContext, StepOptions } from "./context.ts";
import { toSignInError } from "./errors.ts";

/** Calls a method for a step. `doing` names the step as it follows "Cannot": "list devices". */
export async function invokeStep<M extends keyof Api.Methods>(
  context: SignInContext,
  request: MethodCall<M>,
  doing: string,
  options?: StepOptions,
): Promise<Api.Methods[M]["result"]> {
  try {
    return await context.invoke(request, options);
  } catch (error) {
    throw toSignInError(error, doing);
  }
}

/**
 * Calls the method with which a sign-in begins; calls it once more if Telegram answers
 * AUTH_RESTART.
 */
export async function invokeFirst<M extends keyof Api.Methods>(
  context: SignInContext,
  request: MethodCall<M>,
  options: StepOptions,
): Promise<Api.Methods[M]["result"]> {
  try {
    return await context.invoke(request, options);
  } catch (error) {
    if (!(error instanceof RpcError && error.is("AUTH_RESTART"))) throw error;
    return await context.invoke(request, options);
  }
}
