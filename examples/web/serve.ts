/**
 * Serves the sign-in page on loopback: deno task web
 *
 * The page connects to an offline Telegram in this process; with `--telegram`, to Telegram itself,
 * with TELEGRAM_API_ID and TELEGRAM_API_HASH (https://my.telegram.org) from the environment.
 * Everybody who opens the page can read them. `--port` is 8080 by default.
 */
import { build } from "esbuild";
import { type AccountOptions, OfflineTelegram, TEST_ACCOUNTS } from "@tessera/mtproto/testing";

const HERE = new URL("./", import.meta.url);
const ROOT = new URL("../../", HERE);

/** An account whose password can be recovered by email. */
const FORGETFUL: AccountOptions = {
  phone: "+9996633333",
  code: "33333",
  password: "forgotten",
  recoveryEmail: "ada@example.com",
};

/** The accounts to try the page with. */
export const ACCOUNTS: readonly AccountOptions[] = [...TEST_ACCOUNTS, FORGETFUL];

/** Returns the script of the page, bundled for browsers. */
export async function bundlePage(): Promise<Uint8Array<ArrayBuffer>> {
  // In a checkout of the library, the page uses its source. A copy of this folder has packages.
  const config = await Deno.readTextFile(new URL("deno.json", ROOT)).catch(() => "{}");
  const { name, exports } = JSON.parse(config);
  const entries = name === "@tessera/mtproto" ? exports : {};
  const aliases = Object.entries<string>(entries).map(([entry, path]) => [
    entry.replace(/^\./, "@tessera/mtproto"),
    new URL(path, ROOT).pathname,
  ]);
  // The longest names come first, as an alias also replaces longer names that begin with it.
  const alias = Object.fromEntries(aliases.toSorted(([a], [b]) => b.length - a.length));
  const { outputFiles: [{ contents }] } = await build({
    entryPoints: [new URL("page.ts", HERE).pathname],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    alias,
  });
  return new Uint8Array(contents);
}

/** Returns the settings with which the page connects to an offline Telegram by WebSocket. */
export function offlineSetting(telegram: OfflineTelegram): unknown {
  const { apiId, apiHash, publicKeyPem, webSockets: [{ id, host, port }] } = telegram;
  const accounts = [
    ...TEST_ACCOUNTS.map(({ phone, code, password }) => ({ phone, code, password })),
    { phone: FORGETFUL.phone, code: FORGETFUL.code, note: "password forgotten" },
    { phone: "+9996644444", code: "44444", note: "no account yet" },
  ];
  return { apiId, apiHash, offline: { dcId: id, ws: { host, port }, publicKeyPem, accounts } };
}

/** Answers the requests for the page. */
export function pageHandler(
  script: Uint8Array<ArrayBuffer>,
  setting: unknown,
  telegram?: OfflineTelegram,
): (request: Request) => Promise<Response> {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
    "img-src data: blob:; connect-src 'self' ws://127.0.0.1:* wss://*.web.telegram.org; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  const file = async (name: string, type: string): Promise<Response> => {
    const text = await Deno.readTextFile(new URL(name, HERE));
    return new Response(text, {
      headers: { "content-type": type, "content-security-policy": policy },
    });
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case "/":
        return await file("index.html", "text/html; charset=utf-8");
      case "/style.css":
      case "/controls.css":
      case "/steps.css":
        return await file(pathname.slice(1), "text/css");
      case "/page.js":
        return new Response(script, { headers: { "content-type": "text/javascript" } });
      case "/setting.json":
        return Response.json(setting);
      case "/inbox.json":
        return Response.json({ code: telegram?.api.lastEmailCode(FORGETFUL.recoveryEmail ?? "") });
      default:
        return new Response("Not found\n", { status: 404 });
    }
  };
}

if (import.meta.main) {
  const port = Number(/--port[= ](\d+)/.exec(Deno.args.join(" "))?.[1] ?? 8080);
  const telegram = Deno.args.includes("--telegram")
    ? undefined
    : await OfflineTelegram.start({ webSocketPort: 0, accounts: ACCOUNTS });
  const setting = telegram === undefined
    ? {
      apiId: Number(Deno.env.get("TELEGRAM_API_ID")),
      apiHash: Deno.env.get("TELEGRAM_API_HASH"),
    }
    : offlineSetting(telegram);
  Deno.serve({ hostname: "127.0.0.1", port }, pageHandler(await bundlePage(), setting, telegram));
}
