/**
 * docs/security.md tells the truth: it names every check that there is, and the file in which it
 * stands.
 */
import type { SecurityCheck } from "../../mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";

const ROOT = new URL("../../", import.meta.url);

/** All names of {@linkcode SecurityCheck}: the type checker misses none. */
const CHECKS = Object.keys(
  {
    nonce: 0,
    server_nonce: 0,
    new_nonce_hash: 0,
    rsa_fingerprint: 0,
    pq: 0,
    server_DH_params_fail: 0,
    dh_answer_hash: 0,
    dh_prime: 0,
    g_a: 0,
    g_b: 0,
    dh_gen_retry: 0,
    dh_gen_fail: 0,
    auth_key_id: 0,
    msg_key: 0,
    padding: 0,
    message_length: 0,
    session_id: 0,
    msg_id_parity: 0,
    msg_id_seen: 0,
    msg_id_too_low: 0,
    msg_id_too_high: 0,
    msg_id_too_old: 0,
    seq_no_parity: 0,
    seq_no_too_low: 0,
    seq_no_too_high: 0,
    container: 0,
    gzip_packed: 0,
    srp: 0,
    file_hash: 0,
    proxy_secret: 0,
  } satisfies Record<SecurityCheck, 0>,
);

/** The folders of the files that are not in mtproto/. */
const FOLDERS: Readonly<Record<string, string>> = {
  "proof.ts": "auth/password",
  "cdn_file.ts": "files/transfers/cdn",
  "mtproxy_dial.ts": "connection/mtproxy",
};

/** The rows of the table: the checks, and the file in which they stand. */
async function rows(): Promise<{ checks: string[]; file: string }[]> {
  const document = await Deno.readTextFile(new URL("docs/security.md", ROOT));
  return document.split("\n").filter((line) => line.startsWith("| `")).map((line) => {
    const [, checks, , file] = line.split("|").map((cell) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
    );
    return { checks, file: file[0] };
  });
}

Deno.test("docs/security.md names every check, once", async () => {
  const named = (await rows()).flatMap(({ checks }) => checks);
  assertEquals(named.toSorted(), CHECKS.toSorted());
});

Deno.test("docs/security.md names the file of each check", async () => {
  for (const { checks, file } of await rows()) {
    const folder = FOLDERS[file] ?? "mtproto";
    const source = await Deno.readTextFile(new URL(`src/${folder}/${file}`, ROOT));
    for (const check of checks) assert(source.includes(`"${check}"`), `${check} in ${file}`);
  }
});
