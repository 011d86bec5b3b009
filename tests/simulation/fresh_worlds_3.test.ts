/** A share of the worlds of fresh seeds: see fresh_worlds.ts. */
import { testFreshWorlds } from "./fresh_worlds.ts";

testFreshWorlds(3);
