/** GramJS (npm `telegram`) exchanges files. */
import { exchangeFiles } from "./gramjs_file_flow.ts";
import { gramJs } from "./gramjs_library.ts";

await exchangeFiles(gramJs);
