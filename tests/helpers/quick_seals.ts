/**
 * Makes sealed sessions cheap: the key of a passphrase takes 10 rounds of PBKDF2, in `deno task
 * test` only. The tests of sealing itself never import it.
 */
import { runs } from "./long.ts";

const ROUNDS = 10;

const { subtle } = crypto;
const deriveKey: SubtleCrypto["deriveKey"] = subtle.deriveKey.bind(subtle);
subtle.deriveKey = (algorithm, ...others) => {
  const { iterations } = algorithm as Pbkdf2Params;
  const rounds = runs(Math.min(iterations, ROUNDS), iterations);
  return deriveKey({ ...(algorithm as Pbkdf2Params), iterations: rounds }, ...others);
};
