/**
 * Writes a session in a process of its own, and prints its content. Usage: write_elsewhere.ts KIND
 * AT NAME
 */

import { StoreSession } from "../../src/session/mod.ts";
import { describeSession } from "../helpers/store_conformance.ts";
import { openStore } from "../helpers/session_kinds.ts";
import { PEERS, stateOf } from "../helpers/states.ts";

const [kind, at, name] = Deno.args;
const session = new StoreSession(name, () => openStore(kind, at));
await session.load();
session.state = stateOf(11);
await session.save();
await session.peers.put(PEERS);
await Deno.stdout.write(new TextEncoder().encode(await describeSession(session)));
await session.close();
