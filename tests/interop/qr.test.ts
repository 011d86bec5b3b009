/**
 * Tests a QR code between GramJS from npm and our client: in both directions, with and without a
 * password.
 */

import { Client, StringSession } from "../../mod.ts";
import { encodeUtf8 } from "../../src/crypto/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import type { Target } from "./clients/target.ts";
import { LOCK } from "../helpers/lock.ts";
import { despiteUnpaddedKeys } from "./unpadded_key.ts";

const CHILD = new URL("clients/gramjs_qr.ts", import.meta.url);
const CHILD_TIME = 120_000;
const ACCOUNTS = [
  { phone: "+9996621111", code: "22222" },
  { phone: "+9996622222", code: "22222", password: "hunter2" },
];

/** GramJS in a process of its own, which talks in lines. */
class GramJs implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #errors: Promise<string>;
  readonly #timer: ReturnType<typeof setTimeout>;
  #held = "";

  constructor(role: "show" | "approve", target: Target) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", LOCK, CHILD.pathname, role, JSON.stringify(target)],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#errors = new Response(this.#child.stderr).text();
    this.#timer = setTimeout(() => this.#child.kill("SIGKILL"), CHILD_TIME);
  }

  async line(): Promise<string> {
    while (!this.#held.includes("\n")) {
      const { value, done } = await this.#lines.read();
      if (done) throw new Error(`GramJS ended: ${await this.#errors}`);
      this.#held += value;
    }
    const end = this.#held.indexOf("\n");
    const line = this.#held.slice(0, end);
    this.#held = this.#held.slice(end + 1);
    return line;
  }

  async say(line: string): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    await writer.write(encodeUtf8(`${line}\n`));
    await writer.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.#child.kill("SIGKILL"); // one that failed may wait for ever
    } catch {
      // It has ended by itself.
    }
    await this.#child.status;
    await this.#errors;
    await this.#lines.cancel();
    await this.#child.stdin.close().catch(() => {});
  }
}

function targetOf(telegram: OfflineTelegram, account: Target["accounts"][number]): Target {
  const { apiId, apiHash, dcs, publicKeyPem, keys: [{ fingerprint }] } = telegram;
  const common = { apiId, apiHash, dcs, publicKeyPem, bots: [] };
  return { ...common, accounts: [account], fingerprint: String(fingerprint), fingerprintHex: "" };
}

function clientOf({ apiId, apiHash, dcs, keys }: OfflineTelegram): Client {
  return new Client(new StringSession(), apiId, apiHash, { dcs, keys });
}

for (const account of ACCOUNTS) {
  const { phone: phoneNumber, code: phoneCode, password } = account;
  const which = password === undefined ? "" : " to an account with a password";

  longTest(
    `our client approves a QR code of GramJS, which signs in${which}`,
    () =>
      despiteUnpaddedKeys(async () => {
        await using telegram = await OfflineTelegram.start({ accounts: ACCOUNTS });
        await using client = clientOf(telegram);
        const me = await client.start({ phoneNumber, phoneCode, password });
        await using gramJs = new GramJs("show", targetOf(telegram, account));
        const device = await client.acceptQr(await gramJs.line());
        assertEquals(device.isPasswordPending, password !== undefined);
        assertEquals(await gramJs.line(), JSON.stringify({ id: String(me.id) }));
      }),
  );

  longTest(
    `GramJS approves a QR code of our client, which signs in${which}`,
    () =>
      despiteUnpaddedKeys(async () => {
        await using telegram = await OfflineTelegram.start({ accounts: ACCOUNTS });
        await using client = clientOf(telegram);
        await using gramJs = new GramJs("approve", targetOf(telegram, account));
        assertEquals(await gramJs.line(), "ready");
        const user = await client.start({
          qrCode: ({ url }) => gramJs.say(url),
          password,
          signal: AbortSignal.timeout(CHILD_TIME),
        });
        assertEquals(await gramJs.line(), JSON.stringify({ id: String(user.id) }));
      }),
  );
}
