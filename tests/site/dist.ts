/** The built site in `site/dist/`: its pages, and a server of its files on loopback. */

const DIST = new URL("../../site/dist/", import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  json: "application/json",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

/** Returns the paths of all files, without a slash at the beginning. */
export async function filesOfSite(path = ""): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(path, DIST)));
  const paths = entries.map(({ name, isDirectory }) =>
    isDirectory ? filesOfSite(`${path}${name}/`) : [`${path}${name}`]
  );
  return (await Promise.all(paths)).flat();
}

/** Reads a file as text. */
export function readOfSite(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, DIST));
}

/** Serves the files as any static host does. */
export function serveSite(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async ({ url }) => {
    const path = decodeURIComponent(new URL(url).pathname.slice(1));
    const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
    const type = TYPES[file.slice(file.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    const bytes = await Deno.readFile(new URL(file, DIST)).catch(() => undefined);
    if (bytes === undefined) return new Response("Not found\n", { status: 404 });
    return new Response(bytes, { headers: { "content-type": type } });
  });
}
