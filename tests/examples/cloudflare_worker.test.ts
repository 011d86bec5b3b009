/**
 * The Worker's handler called here; in workerd itself it is called by `deno task test:runtimes`.
 */
import { OfflineTelegram } from "@tessera/mtproto/testing";
import worker from "../../examples/cloudflare_worker/worker.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { readBy, type Secrets, secretsFor, sendBy } from "../helpers/edge_example.ts";

/** Passes connections on, and counts how many were open at once. */
class Relay implements Disposable {
  most = 0;
  #open = 0;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });

  constructor(to: { host: string; port: number }) {
    void this.#serve(to).catch(() => {});
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  async #serve({ host: hostname, port }: { host: string; port: number }): Promise<void> {
    for await (const from of this.#listener) {
      this.most = Math.max(this.most, ++this.#open);
      const to = await Deno.connect({ hostname, port });
      const ends = [from.readable.pipeTo(to.writable), to.readable.pipeTo(from.writable)];
      void Promise.race(ends).catch(() => {}).then(() => this.#open--);
      void Promise.allSettled(ends);
    }
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

Deno.test("examples/cloudflare_worker sends messages for a passphrase", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const secrets: Secrets = await secretsFor(telegram);
  await sendBy((request) => worker.fetch(request, secrets), telegram);
});

Deno.test("examples/cloudflare_worker streams a file, and holds a few parts of it", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const secrets: Secrets = await secretsFor(telegram);
  await readBy((request) => worker.fetch(request, secrets), telegram);
});

Deno.test("examples/cloudflare_worker refuses to run without a passphrase", async () => {
  for (const passphrase of [undefined, ""]) {
    const secrets = { API_ID: "1", API_HASH: "", SESSION: "", PASSPHRASE: passphrase as string };
    for (const authorization of [undefined, "Bearer undefined", "Bearer ", "Bearer"]) {
      const headers: HeadersInit = authorization === undefined ? {} : { authorization };
      const request = new Request("http://localhost/", { method: "POST", body: "Hi", headers });
      assertEquals((await worker.fetch(request, secrets)).status, 500);
    }
  }
});

Deno.test("examples/cloudflare_worker uses its key for one request at a time", async () => {
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  using relay = new Relay(telegram.dcs[0]);
  const signedIn: Secrets = await secretsFor(telegram);
  const info = JSON.parse(signedIn.TELEGRAM);
  const dcs = [{ ...info.dcs[0], port: relay.port }];
  const secrets = { ...signedIn, TELEGRAM: JSON.stringify({ ...info, dcs }) };
  const headers = { authorization: `Bearer ${secrets.PASSPHRASE}` };
  const post = (body: string): Promise<Response> =>
    worker.fetch(new Request("http://localhost/", { method: "POST", body, headers }), secrets);
  const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => String(n)).map(post));
  assertEquals(answers.map(({ status }) => status), Array(6).fill(200));
  // The relay may notice an end after the next connection has begun.
  assert(relay.most <= 2, `${relay.most} at once`);
});
