/**
 * Runs a program of the documents in a worker, with the library's own bundle. TypeScript is
 * stripped, imports of the library become addresses of the bundle, and `await using` works in
 * every browser: what it holds is disposed at the end of the program.
 */

/** What a running program reports. */
export type Report =
  | { readonly kind: "line"; readonly text: string; readonly isError: boolean }
  | { readonly kind: "end"; readonly milliseconds: number };

/** A program that runs. */
export interface RunningProgram {
  stop(): void;
}

/** Comes before each program: what it prints goes to the page. */
const PREAMBLE = `
const $started = performance.now();
const $show = (value) => typeof value === "string" ? value : $inspect(value, 0);
function $inspect(value, depth) {
  if (typeof value === "bigint") return value + "n";
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Error) return value.name + ": " + value.message;
  if (value instanceof Uint8Array) return "Uint8Array(" + value.length + ")";
  if (typeof value !== "object" || value === null) return String(value);
  if (depth === 4) return "…";
  if (Array.isArray(value)) return "[" + value.map((one) => $inspect(one, depth + 1)).join(", ") + "]";
  const fields = Object.entries(value).map(([key, one]) => key + ": " + $inspect(one, depth + 1));
  return fields.length === 0 ? "{}" : "{ " + fields.join(", ") + " }";
}
const $line = (isError) => (...values) =>
  postMessage({ kind: "line", text: values.map($show).join(" "), isError });
Object.assign(console, { log: $line(false), info: $line(false), debug: $line(false) });
Object.assign(console, { warn: $line(true), error: $line(true) });
addEventListener("unhandledrejection", (event) => $line(true)(event.reason));
const $held = { all: [], set next(value) { this.all.push(value); } };
async function $release() {
  for (const one of $held.all.reverse()) {
    await (one?.[Symbol.asyncDispose] ?? one?.[Symbol.dispose])?.call(one);
  }
}
`;

/** Starts a program. `library` is the address of the folder with the bundles. */
export async function runProgram(
  program: string,
  library: string,
  report: (report: Report) => void,
): Promise<RunningProgram> {
  const { transform } = await import("sucrase");
  const fail = (text: string): void => {
    report({ kind: "line", text, isError: true });
    report({ kind: "end", milliseconds: 0 });
  };
  let code: string;
  try {
    code = transform(program.replace(/\b(?:await )?using (\w+) =/g, "const $1 = $held.next ="), {
      transforms: ["typescript"],
      disableESTransforms: true,
    }).code;
  } catch (error) {
    fail(String(error));
    return { stop() {} };
  }
  const imports: string[] = [];
  const body = code.replace(
    /^import\b[\s\S]*?from\s*"@tessera\/mtproto(?:\/(\w+))?";?/gm,
    (line, entry = "mod") => {
      imports.push(line.replace(/"@tessera[^"]*"/, `"${library}${entry}.js"`));
      return "";
    },
  );
  const source = `${imports.join("\n")}\n${PREAMBLE}\ntry {\n${body}\n} catch ($error) {
    $line(true)($error);
  }
  await $release();
  postMessage({ kind: "end", milliseconds: performance.now() - $started });`;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Report>): void => {
    report(data);
    if (data.kind === "end") worker.terminate();
  };
  worker.onerror = (event): void => {
    fail(event.message ?? "The program could not be read.");
    worker.terminate();
  };
  return {
    stop() {
      worker.terminate();
      report({ kind: "end", milliseconds: 0 });
    },
  };
}
