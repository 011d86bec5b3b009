/**
 * Makes 2FA passwords cheap: PBKDF2 runs 10 rounds instead of 100,000, in `deno task test` only.
 * Import it where the client and the server of a test are both ours, in one process, and compute
 * the same. The tests of the kernels, of known vectors and of other libraries never import it.
 */
import { kernels } from "../../src/crypto/wasm.ts";
import { runs } from "./long.ts";

const ROUNDS = 10;

const running = kernels();
const { pbkdf2HmacSha512 } = running;
running.pbkdf2HmacSha512 = (iterations) => {
  pbkdf2HmacSha512(runs(Math.min(iterations, ROUNDS), iterations));
};
