/**
 * The addresses of the data centers in the form of TL: https://core.telegram.org/type/DcOption
 */
import type { Api } from "../../../tl/mod.ts";
import type { ServerState } from "../state/server_state.ts";

/** Returns the addresses of all data centers. */
export function dcOptionsOf({ dcs }: ServerState): Api.DcOption[] {
  return [...dcs.values()].flat().map(({ id, host, port, mediaOnly, cdn }) => ({
    _: "dcOption",
    ipv6: host.includes(":") || undefined,
    mediaOnly,
    cdn,
    id,
    ipAddress: host,
    port,
  }));
}

/** Returns the update that tells of changed addresses. */
export function dcOptionsUpdate(state: ServerState): Api.Updates {
  return {
    _: "updateShort",
    update: { _: "updateDcOptions", dcOptions: dcOptionsOf(state) },
    date: state.nowSeconds(),
  };
}
