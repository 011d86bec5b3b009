/** GramJS (npm `telegram`) signs in. */
import { signIn } from "./gramjs_flows.ts";
import { gramJs } from "./gramjs_library.ts";
import { runFlows } from "./target.ts";

await runFlows((target, flow) => signIn(gramJs, target, flow));
