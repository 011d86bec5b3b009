/**
 * A refusal of the offline Telegram: it becomes an `rpc_error` with exactly this code and text.
 * https://core.telegram.org/api/errors lists the codes; each method's page lists its own texts.
 */

/**
 * A refusal of a method of the offline Telegram. The client receives it as `rpc_error`.
 *
 * @example
 * ```ts
 * import { RpcFailure } from "@tessera/mtproto/testing";
 *
 * const failure = new RpcFailure(420, "FLOOD_WAIT_30");
 * console.log(failure.code, failure.errorMessage); // 420 FLOOD_WAIT_30
 * ```
 */
export class RpcFailure extends Error {
  /** Always `RpcFailure`. */
  override readonly name = "RpcFailure";
  /** As in HTTP: 303 another data center, 400 bad request, 401 not signed in, 420 flood, … */
  readonly code: number;
  /** Telegram's text, for example `PHONE_CODE_INVALID` or `PHONE_MIGRATE_4`. */
  readonly errorMessage: string;

  /** A refusal with a code and a text. */
  constructor(code: number, errorMessage: string) {
    super(`${code} ${errorMessage}`);
    this.code = code;
    this.errorMessage = errorMessage;
  }
}

/** Returns a 400: the request is wrong. */
export function badRequest(errorMessage: string): RpcFailure {
  return new RpcFailure(400, errorMessage);
}

/** Returns a 303: the request belongs to another data center. */
export function migrate(what: "PHONE" | "USER", dcId: number): RpcFailure {
  return new RpcFailure(303, `${what}_MIGRATE_${dcId}`);
}

/** Returns the refusal of a request whose constructor id is in no layer. */
export function unknownMethod(id: number): RpcFailure {
  return badRequest(`INPUT_METHOD_INVALID_${id >>> 0}_0`);
}
