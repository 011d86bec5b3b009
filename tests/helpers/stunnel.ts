/**
 * stunnel before a proxy or a server of a test: TLS between it and the client. It is there beside
 * `.ci/services`, which also makes its certificate, for `localhost`.
 */

/** A stunnel that runs. */
export interface Stunnel extends AsyncDisposable {
  /** The port where it listens, at `localhost`. */
  readonly port: number;
  /** The URL of the proxy behind it, with its credentials. */
  url(credentials: { readonly username: string; readonly password: string }): string;
}

/** Starts stunnel before a port; the key of the certificate is in the same folder. */
export async function startStunnel(port: number, certificate: string): Promise<Stunnel> {
  const own = freePort();
  const configuration = [
    "foreground = yes",
    "pid =",
    "[proxy]",
    `accept = 127.0.0.1:${own}`,
    `connect = 127.0.0.1:${port}`,
    `cert = ${certificate}`,
    `key = ${certificate.replace(/[^/]*$/, "key.pem")}`,
  ].join("\n");
  const options = { stdin: "piped", stdout: "null", stderr: "piped" } as const;
  const child = new Deno.Command("stunnel4", { args: ["-fd", "0"], ...options }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${configuration}\n`));
  await writer.close();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let said = ""; !said.includes("Configuration successful");) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Cannot start stunnel:\n${said}`);
    said += value;
  }
  const draining = drain(reader);
  return {
    port: own,
    url: ({ username, password }) => `https://${username}:${password}@localhost:${own}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await Promise.all([draining, child.status]);
    },
  };
}

/** Reads on, as a full pipe would stop the program. */
async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
