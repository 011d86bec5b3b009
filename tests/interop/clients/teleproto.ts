/** teleproto (npm) signs in. */
import { signIn } from "./gramjs_flows.ts";
import { teleproto } from "./teleproto_library.ts";
import { runFlows } from "./target.ts";

await runFlows((target, flow) => signIn(teleproto, target, flow));
