/**
 * Measures each store of sessions: saving a session, and how far the updates of 2,000 channels were
 * received; opening a session with 100,000 peers, and finding one of them. Redis and PostgreSQL are
 * those of REDIS_URL and POSTGRES_URL (`.ci/services`); Deno KV needs --unstable-kv. Usage:
 * `deno run -A --unstable-kv bench/sessions.ts [PEERS]`.
 */
import type { Peer, StoreSession } from "../mod.ts";
import { openSession } from "../tests/helpers/session_kinds.ts";
import { stateOf, updatesOf } from "../tests/helpers/states.ts";

const PEERS = Number(Deno.args[0] ?? 100_000);
const BATCH = 1000;
const SAVES = 50;

function peer(n: number): Peer {
  return {
    id: BigInt(n + 1),
    kind: "user",
    accessHash: BigInt(n) << 20n,
    usernames: [`user_${n}`],
  };
}

/** Updates of 2,000 channels, of which one has got messages since the last save. */
function oneMoved(n: number): string {
  const state = JSON.parse(updatesOf(100_000));
  state.channels[n][1] += n;
  return JSON.stringify(state);
}

/** Saves a session whose salt has changed. */
function saveChanged(session: StoreSession, n: number): Promise<void> {
  session.state.dcs[0].serverSalt = BigInt(n);
  return session.save();
}

async function timed(times: number, work: (n: number) => unknown): Promise<string> {
  const begun = performance.now();
  for (let n = 0; n < times; n++) await work(n);
  const each = (performance.now() - begun) / times;
  return each < 10 ? `${each.toFixed(2)} ms` : `${each.toFixed(0)} ms`;
}

async function measure(kind: string, at: string): Promise<Record<string, string>> {
  const session = openSession(kind, at);
  await session.load();
  session.state = stateOf(1);
  const save = await timed(SAVES, (n) => saveChanged(session, n));
  const texts = Array.from({ length: SAVES }, (_, n) => oneMoved(n));
  const updates = await timed(SAVES, (n) => session.updates?.save(texts[n]));
  const fill = await timed(1, async () => {
    for (let first = 0; first < PEERS; first += BATCH) {
      await session.peers.put(Array.from({ length: BATCH }, (_, n) => peer(first + n)));
    }
  });
  await session.close();
  const again = openSession(kind, at);
  const open = await timed(1, () => again.load());
  const find = await timed(100, (n) => again.peers.byId(BigInt(n * 997 % PEERS + 1)));
  const name = await timed(100, (n) => again.peers.byUsername(`user_${n * 991 % PEERS}`));
  const resave = await timed(SAVES, (n) => saveChanged(again, SAVES + n));
  await again.close();
  return {
    save,
    "save updates": updates,
    [`put ${PEERS} peers`]: fill,
    "open with them": open,
    "save with them": resave,
    "find by id": find,
    "find by name": name,
  };
}

const folder = await Deno.makeTempDir();
const [redis, postgres] = [Deno.env.get("REDIS_URL"), Deno.env.get("POSTGRES_URL")];
const mark = crypto.randomUUID();
const places: [string, string | undefined][] = [
  ["SqliteSession", `${folder}/own.session`],
  ["folder", `${folder}/folder`],
  ["denoKv", "openKv" in Deno ? `${folder}/deno.kv` : undefined],
  ["unstorage", `${folder}/unstorage`],
  ["redis", redis && `${redis}#${mark}`],
  ["pg", postgres && `${postgres}#${mark}`],
];
try {
  for (const [kind, at] of places) {
    if (at === undefined) continue;
    const line = Object.entries(await measure(kind, at)).map(([what, cost]) => `${what} ${cost}`);
    Deno.stdout.writeSync(new TextEncoder().encode(`${kind}: ${line.join(", ")}\n`));
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
