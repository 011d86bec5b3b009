/**
 * A program that uses an account as often as it gets its session, for two_programs.test.ts. Usage:
 * two_programs_program.ts KIND AT PORT DURATION. KIND is one of session_kinds.ts, after "far " as
 * on another machine, or "string": AT is then the text of the session. It prints lines: `using`,
 * the names of errors (`duplicated` for AUTH_KEY_DUPLICATED), and `lost`.
 */
import { Client, type Session, StringSession } from "../../mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { runs } from "../helpers/long.ts";
import { openFarSession, openSession } from "../helpers/session_kinds.ts";

const [kind, at, port, duration] = Deno.args;
const encoder = new TextEncoder();
const say = (text: string): void => void Deno.stdout.writeSync(encoder.encode(`${text}\n`));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function open(): Session {
  if (kind === "string") return new StringSession(at);
  const options = { leaseDuration: Number(duration), wait: true };
  if (!kind.startsWith("far ")) return openSession(kind, at, options);
  const holder = `a machine far away, process ${Deno.pid}`;
  return openFarSession(kind.slice(4), at, { ...options, holder });
}

const { keys, apiId, apiHash } = new OfflineTelegram();
const client = new Client(open(), apiId, apiHash, {
  dcs: [{ id: 2, host: "127.0.0.1", port: Number(port) }],
  keys,
  giveUpAfter: 1,
  retryDelay: 10,
});
let isUsing = false;
for (;;) {
  try {
    await client.connect();
    if (await client.getMe() === undefined) {
      await client.start({ phoneNumber: "+9996621111", phoneCode: "22222" });
    }
    for (;; await sleep(runs(10, 2))) {
      await client.invoke({ _: "updates.getState" });
      if (!isUsing) say("using");
      isUsing = true;
    }
  } catch (error) {
    const { errorMessage, reason, name } = error as Record<string, string | undefined>;
    const isDuplicated = errorMessage === "AUTH_KEY_DUPLICATED" || reason === "authKeyDuplicated";
    say(
      isDuplicated ? "duplicated" : errorMessage ?? reason ?? `${name} ${(error as Error).message}`,
    );
    if (isUsing) say("lost");
    isUsing = false;
    await client.disconnect().catch(() => {});
    await sleep(10);
  }
}
