/**
 * As much of Chromium's DevTools protocol as the tests of pages need: evaluate, press keys, reload, take a picture.
 * https://chromedevtools.github.io/devtools-protocol/
 */

interface Reply {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** How often a condition is looked at, and for how long, milliseconds. */
const LOOK_AGAIN = 25;
const PATIENCE = 20_000;

/** A page in a headless Chromium of its own. */
export class Page implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Readonly<Record<string, unknown>>>>();
  #lastId = 0;

  private constructor(child: Deno.ChildProcess, profile: string, socket: WebSocket) {
    this.#child = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.onmessage = ({ data }: MessageEvent<string>): void => {
      const { id, result, error }: Reply = JSON.parse(data);
      const waiting = this.#waiting.get(id ?? 0);
      if (error) waiting?.reject(new Error(error.message));
      else waiting?.resolve(result ?? {});
    };
  }

  /** Starts Chromium with a page of its own. */
  static async open(url: string): Promise<Page> {
    const profile = await Deno.makeTempDir({ prefix: "tessera-chromium-" });
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    const more = ["--no-first-run", "--disable-dev-shm-usage", "--remote-debugging-port=0"];
    const child = new Deno.Command("chromium", {
      args: [
        ...args,
        ...more,
        "--window-size=390,844",
        `--user-data-dir=${profile}`,
        "about:blank",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const port = await until(async () => {
      const text = await Deno.readTextFile(`${profile}/DevToolsActivePort`).catch(() => "");
      return text.split("\n")[1] ? text.split("\n")[0] : undefined;
    });
    const target = await until(async () => {
      const list: { type: string; webSocketDebuggerUrl: string }[] = await (await fetch(
        `http://127.0.0.1:${port}/json/list`,
      )).json();
      return list.find(({ type }) => type === "page")?.webSocketDebuggerUrl;
    });
    const socket = new WebSocket(target);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    const page = new Page(child, profile, socket);
    await page.send("Page.enable");
    await page.send("Page.navigate", { url });
    return page;
  }

  /** Sends a command of the protocol. */
  send(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<Readonly<Record<string, unknown>>>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return waiting.promise;
  }

  /** The value of an expression in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", options);
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value?: unknown }).value;
  }

  /** Waits until an expression is true; throws with what the page shows if it does not become so. */
  async until(expression: string): Promise<void> {
    try {
      await until(async () => await this.evaluate(expression).catch(() => false) || undefined);
    } catch {
      const text = await this.evaluate("document.body.innerText");
      throw new Error(`Waited in vain for ${expression}; the page says:\n${text}`);
    }
  }

  /** Types a text, where the focus is, and presses Enter. */
  async type(text: string): Promise<void> {
    await this.send("Input.insertText", { text });
    await this.press("Enter", "\r");
  }

  /** Presses a key. */
  async press(key: string, text = ""): Promise<void> {
    const event = { key, code: key, text, windowsVirtualKeyCode: key === "Enter" ? 13 : 9 };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...event });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  /** Takes a picture of the page, as PNG. */
  async picture(): Promise<Uint8Array> {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    return Uint8Array.from(atob(String(data)), (letter) => letter.charCodeAt(0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await Deno.remove(this.#profile, { recursive: true }).catch(() => {});
  }
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (const end = performance.now() + PATIENCE; performance.now() < end;) {
    const value = await look();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
  }
  throw new Error("Waited in vain");
}
