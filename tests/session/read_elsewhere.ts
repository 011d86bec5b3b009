/**
 * Opens a session in a process of its own, and prints its content. Usage: read_elsewhere.ts KIND AT
 * NAME
 */

import { StoreSession } from "../../src/session/mod.ts";
import { describeSession } from "../helpers/store_conformance.ts";
import { openStore } from "../helpers/session_kinds.ts";
import { LOCK } from "../helpers/lock.ts";

/** Runs this file as a program. `flags` are for `deno run`. */
export async function readElsewhere(
  kind: string,
  at: string,
  name: string,
  flags: string[] = [],
): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", LOCK, ...flags, import.meta.filename ?? "", kind, at, name],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

if (import.meta.main) {
  const [kind, at, name] = Deno.args;
  const session = new StoreSession(name, () => openStore(kind, at));
  await session.load();
  await Deno.stdout.write(new TextEncoder().encode(await describeSession(session)));
  await session.close();
}
