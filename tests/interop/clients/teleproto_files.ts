/** teleproto (npm) exchanges files. */
import { exchangeFiles } from "./gramjs_file_flow.ts";
import { teleproto } from "./teleproto_library.ts";

await exchangeFiles(teleproto);
