import { LoginCancelledError } from "../../../src/auth/mod.ts";
import { Terminal } from "../../../src/auth/person/mod.ts";
import { encodeUtf8 } from "../../../src/crypto/mod.ts";
import type { Keyboard } from "../../../src/runtime/terminal/mod.ts";
import { assertEquals, assertRejects } from "../../helpers/assert.ts";

/** A keyboard on which these chunks are typed. What happens is written down in order. */
class FakeKeyboard implements Keyboard {
  readonly isTerminal: boolean;
  readonly happened: string[] = [];
  readonly #chunks: (string | Uint8Array | Promise<never>)[];

  constructor(isTerminal: boolean, chunks: (string | Uint8Array | Promise<never>)[]) {
    this.isTerminal = isTerminal;
    this.#chunks = [...chunks];
  }
  setRaw(raw: boolean): void {
    this.happened.push(raw ? "<raw>" : "</raw>");
  }
  async read(): Promise<Uint8Array | undefined> {
    const chunk = await this.#chunks.shift();
    return typeof chunk === "string" ? encodeUtf8(chunk) : chunk;
  }
  write(text: string): void {
    this.happened.push(text);
  }
  interrupt(): void {
    this.happened.push("<interrupt>");
  }
  get shown(): string {
    return this.happened.join("");
  }
}

Deno.test("Terminal.askLine() returns one line a question, in any chunks", async () => {
  const cuts = [["one\ntwo\nthr", "ee\n"], ["o", "ne", "\r\n", "two\r\nthree\r\n"], [
    "one\ntwo\nthree",
  ]];
  for (const chunks of cuts) {
    const terminal = new Terminal(new FakeKeyboard(false, chunks));
    const lines = [
      await terminal.askLine("1"),
      await terminal.askHidden("2"),
      await terminal.askLine("3"),
    ];
    assertEquals(lines, ["one", "two", "three"]);
    await assertRejects(() => terminal.askLine("4"), LoginCancelledError, "the input ended");
  }
});

Deno.test("Terminal.askLine() reads characters that are cut in two", async () => {
  const bytes = encodeUtf8("é🙂\n");
  const terminal = new Terminal(
    new FakeKeyboard(true, [...bytes].map((byte) => Uint8Array.of(byte))),
  );
  assertEquals(await terminal.askLine("? "), "é🙂");
});

Deno.test("Terminal.askHidden() turns raw mode on before it asks and off after it", async () => {
  const keyboard = new FakeKeyboard(true, ["hunter2\r"]);
  assertEquals(await new Terminal(keyboard).askHidden("password? "), "hunter2");
  assertEquals(keyboard.happened, ["<raw>", "password? ", "</raw>", "\n"]);
});

Deno.test("Terminal.askHidden() hides the password, and edits like a terminal", async () => {
  const cases: [typed: string[], password: string][] = [
    [["hunX\x7fter2\r"], "hunter2"],
    [["hunX\bter2\n"], "hunter2"],
    [["\x7f\x7fhunter2\r"], "hunter2"],
    [["oops\x15hunter2\r"], "hunter2"],
    [["hun\x1b[Ater\x1b[1;5C2\x1bOP\x1bx\r"], "hunter2"],
    [["hun\x1b", "[", "Ater2\r"], "hunter2"],
    [["hunter\x04\t\x012\r"], "hunter2"],
    [["é🙂é\x7f\r"], "é🙂"],
    [["\r"], ""],
  ];
  for (const [typed, password] of cases) {
    const keyboard = new FakeKeyboard(true, typed);
    assertEquals(await new Terminal(keyboard).askHidden("password? "), password);
    assertEquals(keyboard.shown, "<raw>password? </raw>\n");
  }
});

Deno.test("Terminal.askHidden() leaves early input to the next question", async () => {
  const terminal = new Terminal(new FakeKeyboard(true, ["hunter2\nnext", "\n"]));
  assertEquals(await terminal.askHidden("password? "), "hunter2");
  assertEquals(await terminal.askLine("? "), "next");
});

Deno.test("Terminal.askHidden() restores the terminal on ctrl-C, then interrupts", async () => {
  const keyboard = new FakeKeyboard(true, ["secr\x03et\r"]);
  const terminal = new Terminal(keyboard);
  await assertRejects(() => terminal.askHidden("password? "), LoginCancelledError, "ctrl-C");
  assertEquals(keyboard.happened, ["<raw>", "password? ", "</raw>", "\n", "<interrupt>"]);
});

Deno.test("Terminal.askHidden() is cancelled by ctrl-C without signals, too", async () => {
  const keyboard = new FakeKeyboard(true, ["\x03"]);
  keyboard.interrupt = () => {
    throw new TypeError("not allowed");
  };
  await assertRejects(() => new Terminal(keyboard).askHidden("? "), LoginCancelledError);
});

Deno.test("Terminal.askHidden() mends the terminal when the input ends or breaks", async () => {
  const inputs = [["\x04"], ["half"], [Promise.reject(new Error("unplugged"))]];
  for (const input of inputs) {
    const keyboard = new FakeKeyboard(true, input);
    await assertRejects(() => new Terminal(keyboard).askHidden("password? "), Error);
    assertEquals(keyboard.shown, "<raw>password? </raw>\n");
  }
});

Deno.test("Terminal drops an aborted question, and keeps the text typed then", async () => {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>();
  const keyboard = new FakeKeyboard(true, []);
  keyboard.read = () => promise;
  const terminal = new Terminal(keyboard);
  const controller = new AbortController();
  const asked = terminal.askHidden("password? ", controller.signal);
  controller.abort(new Error("enough"));
  await assertRejects(() => asked, Error, "enough");
  assertEquals(keyboard.shown, "<raw>password? </raw>\n");
  const next = terminal.askLine("then? ");
  resolve(encodeUtf8("typed\n"));
  assertEquals(await next, "typed");
});

Deno.test("Terminal.say() shows several lines as such", () => {
  const keyboard = new FakeKeyboard(true, []);
  new Terminal(keyboard).say("Be kind.\n\tBe\rtrue.");
  assertEquals(keyboard.shown, "Be kind.\n Be true.\n");
});

Deno.test("Terminal removes control sequences from its output", async () => {
  const keyboard = new FakeKeyboard(true, ["x\n"]);
  const terminal = new Terminal(keyboard);
  terminal.say("a\x1b[2Jb\x07\x9bc");
  await terminal.askLine("hint \x1b]0;owned\x07: ");
  assertEquals(keyboard.shown, "a [2Jb  c\nhint  ]0;owned : ");
});

Deno.test("Terminal asks at the process's stdin and stderr, and lets the process end", async () => {
  const program = `
    import { systemTerminal } from "${new URL(
    "../../../src/auth/person/terminal.ts",
    import.meta.url,
  )}";
    const terminal = systemTerminal();
    terminal.say("hello");
    const answers = [await terminal.askLine("name? "), await terminal.askHidden("password? ")];
    console.log(JSON.stringify(answers));
  `;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", program],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(encodeUtf8("Ada\nhunter2\nand more"));
  // Stdin is still open: the process ends by itself.
  const { code, stdout, stderr } = await child.output();
  await writer.close().catch(() => {});
  assertEquals(code, 0);
  assertEquals(new TextDecoder().decode(stdout), '["Ada","hunter2"]\n');
  assertEquals(new TextDecoder().decode(stderr), "hello\nname? \npassword? \n");
});
