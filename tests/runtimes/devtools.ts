/**
 * As much of Chromium's DevTools protocol as the tests of pages need: evaluate, press keys, reload,
 * take a picture. https://chromedevtools.github.io/devtools-protocol/
 */

interface Reply {
  readonly id?: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** How often a condition is looked at, and for how long, milliseconds. */
const LOOK_AGAIN = 25;
const PATIENCE = 120_000;

/** A headless Chromium. */
export class Browser implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #origin: string;

  private constructor(child: Deno.ChildProcess, origin: string) {
    this.#child = child;
    this.#origin = origin;
  }

  /** Starts Chromium with what it kept in a folder. */
  static async start(profile: string): Promise<Browser> {
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];
    const more = ["--no-first-run", "--disable-dev-shm-usage", "--remote-debugging-port=0"];
    const place = `${profile}/DevToolsActivePort`;
    await Deno.remove(place).catch(() => {}); // of another one before
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
      const text = await Deno.readTextFile(place).catch(() => "");
      return text.split("\n")[1] ? text.split("\n")[0] : undefined;
    });
    return new Browser(child, `http://127.0.0.1:${port}`);
  }

  /** Opens a page in a tab of its own. */
  async open(url: string): Promise<Page> {
    const response = await fetch(`${this.#origin}/json/new?about:blank`, { method: "PUT" });
    const { webSocketDebuggerUrl } = await response.json();
    const socket = new WebSocket(webSocketDebuggerUrl);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = reject;
    });
    const page = new Page(socket);
    await page.send("Page.enable");
    await page.send("Page.navigate", { url });
    return page;
  }

  /** Has it end as when a person closes it: all that pages keep is on the disk then. */
  async quit(page: Page): Promise<void> {
    await page.send("Browser.close");
    await this.#child.status;
  }

  /** Kills it. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#child.status;
  }
}

/** A page in a tab. */
export class Page implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Readonly<Record<string, unknown>>>>();
  readonly #ending: (() => Promise<void>)[] = [];
  #lastId = 0;

  /** Use {@linkcode Browser.open}. */
  constructor(socket: WebSocket) {
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
    const browser = await Browser.start(profile);
    const page = await browser.open(url);
    page.#ending.push(async () => {
      await browser[Symbol.asyncDispose]();
      await Deno.remove(profile, { recursive: true }).catch(() => {});
    });
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

  /**
   * Waits until an expression is true; throws with what the page shows if it does not become so.
   */
  async until(expression: string): Promise<void> {
    try {
      await until(async () => await this.evaluate(expression).catch(() => false) || undefined);
    } catch {
      const text = await this.evaluate("document.body.innerText");
      throw new Error(`Waited in vain for ${expression}; the page says:\n${text}`);
    }
  }

  /** Chooses a file, as a person does who presses a field for files. */
  async choose(id: string, path: string): Promise<void> {
    const expression = `document.getElementById("${id}")`;
    const { result } = await this.send("Runtime.evaluate", { expression });
    const { objectId } = result as { objectId: string };
    await this.send("DOM.setFileInputFiles", { objectId, files: [path] });
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

  /** Closes the tab, whatever its scripts are doing. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#socket.onclose = resolve);
    await this.send("Page.close");
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    for (const end of this.#ending) await end();
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
