/**
 * Telethon over HTTP: an outsider whose requests the offline Telegram must understand. It sends no
 * http_wait, and its requests follow each other on one connection without waiting for answers. One
 * line of it had to be mended: see the program.
 */
import { serveInfo } from "../../src/cli/serve_info.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";

const LIBRARIES = Deno.env.get("PYTHON_LIBRARIES");
const WITH_SERVICES = Deno.env.get("TESSERA_SERVICES") === "true";
const PHONE = "+9996633333";
const CODE = "1";

if (LIBRARIES !== undefined || WITH_SERVICES) {
  Deno.test("Telethon signs in over HTTP, and hears of messages", async () => {
    if (LIBRARIES === undefined) {
      throw new Error('There is no PYTHON_LIBRARIES: run eval "$(.ci/services)" before');
    }
    const transports = new Set<string>();
    await using telegram = await OfflineTelegram.start({
      accounts: [{ phone: PHONE, code: CODE }],
      webSocketPort: 0,
      onPacket: ({ transport }) => transports.add(transport),
    });
    const target = { ...serveInfo(telegram), accounts: [{ phone: PHONE, code: CODE }] };
    const program = new URL("clients/telethon_http.py", import.meta.url).pathname;
    const child = new Deno.Command("python3", {
      args: [program, JSON.stringify(target)],
      env: { PYTHONPATH: `${LIBRARIES}/telethon`, PYTHONDONTWRITEBYTECODE: "1" },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const timer = setTimeout(() => child.kill("SIGKILL"), 60_000);
    const errors = new Response(child.stderr).text();
    const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    while (!said.includes('"over HTTP"')) {
      const { value, done } = await output.read();
      assert(!done, `${said}\n${done && await errors}`);
      said += value;
    }
    const ada = telegram.person("+9996699999");
    for (const text of ["one", "two", "stop"]) {
      await ada.send(PHONE, text);
      assertEquals((await ada.nextMessage({ timeout: 20_000 })).text, `Telethon: ${text}`);
    }
    assertEquals((await child.status).code, 0, await errors);
    clearTimeout(timer);
    await output.cancel();
    assertEquals([...transports], ["http"]);
  });
}
