/**
 * The examples that live with an account run against an offline Telegram on loopback, where a
 * played person talks to them.
 */
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { LOCK } from "../helpers/lock.ts";

const ROOT = new URL("../../", import.meta.url);
const BOT = "@test_777_bot";
const ADA = "+9996621111";
const CODE = "22222";
const PATIENCE = 60_000;

/** An example in a process of its own, in an empty folder. */
class Example implements AsyncDisposable {
  readonly #telegram: OfflineTelegram;
  readonly #folder: string;
  #child: Deno.ChildProcess | undefined;

  constructor(telegram: OfflineTelegram, folder: string) {
    this.#telegram = telegram;
    this.#folder = folder;
  }

  static async in(telegram: OfflineTelegram): Promise<Example> {
    await telegram.listen();
    return new Example(telegram, await Deno.makeTempDir());
  }

  /** Starts the example, with the addresses of the offline Telegram put in. */
  async start(name: string, args: readonly string[] = []): Promise<Deno.ChildProcess> {
    const { apiId, apiHash, dcs, publicKeyPem } = this.#telegram;
    const text = await Deno.readTextFile(new URL(`examples/${name}/main.ts`, ROOT));
    const mod = new URL("mod.ts", ROOT).href;
    const crypto = new URL("src/crypto/entry.ts", ROOT).href;
    const offline = `
      import { parseRsaPublicKey } from "${crypto}";
      const clientOptions = { dcs: ${JSON.stringify(dcs)}, keys: [parseRsaPublicKey(${
      JSON.stringify(publicKeyPem)
    })] };`;
    const program = text.replace('"@tessera/mtproto"', `"${mod}"`)
      .replace("API_HASH)", "API_HASH, clientOptions)");
    assert(program.includes("clientOptions"), "the example makes a client");
    await Deno.writeTextFile(`${this.#folder}/main.ts`, offline + program);
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "-A",
        "--no-check",
        `--config=${ROOT.pathname}deno.json`,
        LOCK,
        "main.ts",
        ...args,
      ],
      cwd: this.#folder,
      env: { API_ID: `${apiId}`, API_HASH: apiHash, BOT_TOKEN: "777:TESTTOKEN", NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return this.#child;
  }

  /** Runs the example to its end. Returns what it printed. */
  async run(name: string, args: readonly string[] = [], input = ""): Promise<string> {
    const child = await this.start(name, args);
    const impatience = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    clearTimeout(impatience);
    this.#child = undefined;
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  }

  /** Waits until the bot can answer. */
  async untilSignedIn(): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (this.#telegram.api.authorizations(777n).length === 0) {
      assert(Date.now() < deadline, "the bot signs in");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child !== undefined) {
      child.kill("SIGTERM");
      await child.output();
    }
    await Deno.remove(this.#folder, { recursive: true });
  }
}

Deno.test("the echo bot has six lines of code, and answers with the same text", async () => {
  const text = await Deno.readTextFile(new URL("examples/echo_bot/main.ts", ROOT));
  const lines = text.trim().split("\n").filter((line) => !/^(\/\*\*|import process)/.test(line));
  assertEquals(lines.length, 6);
  await using telegram = new OfflineTelegram();
  await using example = await Example.in(telegram);
  await example.start("echo_bot");
  await example.untilSignedIn();
  const ada = telegram.person(ADA);
  for (const words of ["Hello", "and again"]) {
    await ada.send(BOT, words);
    assertEquals((await ada.nextMessage({ timeout: PATIENCE })).text, words);
  }
});

Deno.test("the bot with buttons counts a vote of each person", async () => {
  await using telegram = new OfflineTelegram();
  await using example = await Example.in(telegram);
  await example.start("buttons_bot");
  await example.untilSignedIn();
  const ada = telegram.person(ADA);
  await ada.send(BOT, "/start");
  const message = await ada.nextMessage({ timeout: PATIENCE });
  assertEquals(message.text, "Tea or coffee? Tea: 0, coffee: 0.");
  assertEquals((await ada.press(message, "Tea")).text, "Thank you!");
  assertEquals(
    (await ada.nextEdit({ timeout: PATIENCE })).text,
    "Tea or coffee? Tea: 1, coffee: 0.",
  );
  assertEquals((await ada.press(message, "Coffee")).text, "Changed to coffee.");
  assertEquals(
    (await ada.nextEdit({ timeout: PATIENCE })).text,
    "Tea or coffee? Tea: 0, coffee: 1.",
  );
});

Deno.test("the bot that runs for a moment answers what came since its last run", async () => {
  await using telegram = new OfflineTelegram();
  await using example = await Example.in(telegram);
  assertEquals(await example.run("catch_up"), "0 messages were answered.\n");
  const ada = telegram.person(ADA);
  await ada.send(BOT, "Hello");
  await ada.send(BOT, "Good-bye");
  assertEquals(await example.run("catch_up"), "2 messages were answered.\n");
  assertEquals((await ada.nextMessage()).text, "You wrote 5 characters.");
  assertEquals((await ada.nextMessage()).text, "You wrote 8 characters.");
  assertEquals(await example.run("catch_up"), "0 messages were answered.\n");
});

Deno.test("the export of a chat has each message as a line of JSON, the oldest first", async () => {
  await using telegram = new OfflineTelegram();
  await using example = await Example.in(telegram);
  const bob = telegram.person("+9996623333", { code: CODE, username: "bob_here" });
  const texts = Array.from({ length: 120 }, (_, i) => `Message ${i}`);
  for (const text of texts) await bob.send(telegram.person(ADA), text);
  const output = await example.run("export_chat", ["@bob_here"], `${ADA}\n${CODE}\n`);
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  assertEquals(lines.map((line) => JSON.parse(line).text), texts);
  assertEquals(JSON.parse(lines[0]).outgoing, false);
});
