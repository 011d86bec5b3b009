/**
 * `deno task bench:size`: measures a program that signs in as a bot and sends a message, and an
 * echo bot, and the same programs with mtcute, GramJS and teleproto. A size is that of the bundle
 * that esbuild makes; "at start" leaves out the files that are loaded on first use. A time is the
 * median from the start of the process until it is signed in, in Node 24, with the packages from
 * npm, over loopback TCP. The programs take turns, so that other load of the machine affects all of
 * them equally.
 */
import { serveInfo } from "../src/cli/serve_info.ts";
import { OfflineTelegram } from "../src/testing/mod.ts";
import { bundleProgram } from "../tests/helpers/bundled.ts";
import { newProject } from "../tests/helpers/npm_project.ts";
import { installPeers, installRuntimes } from "../tests/helpers/install.ts";

const ROUNDS = Number(Deno.args[0] ?? 15);

/** A library, and the programs that use it, as ES modules. */
interface Contender {
  readonly name: string;
  readonly platform: "node" | "browser";
  /** The imports of both programs. */
  readonly imports: string;
  /** Signs in as a bot and sends a message: the size of this program is measured. */
  readonly program: string;
  /** An echo bot: its size is measured, too. */
  readonly echo: string;
  /**
   * Signs in to the offline Telegram `target` as a bot: the time of this program is measured. Some
   * libraries cannot do it in their browser build.
   */
  readonly signIn?: string;
}

const gramJs = (name: string): Contender => ({
  name,
  platform: "node",
  imports: `import { TelegramClient } from "${name}/index.js";
    import { StringSession } from "${name}/sessions/index.js";`,
  program: `
    const client = new TelegramClient(new StringSession(""), 1, "hash", {});
    await client.start({ botAuthToken: "token" });
    await client.sendMessage("somebody", { message: "Hello!" });
    await client.disconnect();`,
  echo: `
    import { NewMessage } from "${name}/events/index.js";
    const client = new TelegramClient(new StringSession(""), 1, "hash", {});
    client.addEventHandler(
      ({ message }) => message.reply({ message: message.text }),
      new NewMessage({}),
    );
    await client.start({ botAuthToken: "token" });`,
  signIn: `
    const { PromisedNetSockets, Logger } = await import("${name}/extensions/index.js");
    const { _serverKeys } = await import("${name}/crypto/RSA.js");
    const { returnBigInt } = await import("${name}/Helpers.js");
    const { createPublicKey } = await import("node:crypto");
    const [{ id, host, port }] = target.dcs;
    const { n } = createPublicKey(target.publicKeyPem).export({ format: "jwk" });
    const modulus = BigInt("0x" + Buffer.from(n, "base64url").toString("hex"));
    _serverKeys.set(target.fingerprint, { n: returnBigInt(String(modulus)), e: 65537 });
    const session = new StringSession("");
    session.setDC(id, host, 80);
    const client = new TelegramClient(session, target.apiId, target.apiHash, {
      networkSocket: class extends PromisedNetSockets {
        connect() { return super.connect(port, host); }
      },
      baseLogger: new Logger("none"),
    });
    await client.connect();
    await client.signInBot(target, { botAuthToken: target.bots[0].token });`,
});

const mtcute = (name: string, storage: string): Contender => ({
  name,
  platform: "browser",
  imports: `import { ${storage}, TelegramClient } from "${name}";`,
  program: `
    const client = new TelegramClient({ apiId: 1, apiHash: "hash", storage: new ${storage}() });
    await client.start({ botToken: "token" });
    await client.sendText("somebody", "Hello!");
    await client.destroy();`,
  echo: `
    const client = new TelegramClient({ apiId: 1, apiHash: "hash", storage: new ${storage}() });
    client.onNewMessage.add((message) => client.replyText(message, message.text));
    await client.start({ botToken: "token" });`,
});

const CONTENDERS: readonly Contender[] = [
  {
    name: "@tessera/mtproto",
    platform: "node",
    imports: `import { Client, StringSession } from "@tessera/mtproto";`,
    program: `
      const client = new Client(new StringSession(), 1, "0123456789abcdef0123456789abcdef");
      await client.start({ botAuthToken: "token" });
      await client.sendMessage("somebody", "Hello!");
      await client.disconnect();`,
    echo: `
      const client = new Client(new StringSession(), 1, "0123456789abcdef0123456789abcdef");
      client.on("message", (message) => message.reply(message.text));
      await client.start({ botAuthToken: "token" });
      await client.closed;`,
    signIn: `
      const { parseRsaPublicKey } = await import("@tessera/mtproto/crypto");
      const client = new Client(new StringSession(), target.apiId, target.apiHash, {
        dcs: target.dcs,
        keys: [parseRsaPublicKey(target.publicKeyPem)],
      });
      await client.start({ botAuthToken: target.bots[0].token });`,
  },
  mtcute("@mtcute/web", "MemoryStorage"),
  {
    ...mtcute("@mtcute/node", "MemoryStorage"),
    platform: "node",
    signIn: `
      const { addPublicKey, NodeCryptoProvider } = await import("@mtcute/node/utils.js");
      addPublicKey(new NodeCryptoProvider(), target.publicKeyPem, false);
      const [{ id, host, port }] = target.dcs;
      const dc = { id, ipAddress: host, port, testMode: false };
      const client = new TelegramClient({
        apiId: target.apiId,
        apiHash: target.apiHash,
        defaultDcs: { main: dc, media: dc },
        storage: new MemoryStorage(),
        logLevel: 0,
      });
      await client.start({ botToken: target.bots[0].token });`,
  },
  gramJs("telegram"),
  gramJs("teleproto"),
];

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`.padStart(10);
const milliseconds = (time: number): string => `${Math.round(time)} ms`.padStart(8);

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1];
}

/** Returns the time from the start of a process until it prints something. */
async function timeOf(node: string, path: string, argument: string): Promise<number> {
  const begun = performance.now();
  const command = new Deno.Command(node, {
    args: [path, argument],
    stdout: "piped",
    stdin: "null",
  });
  await using child = command.spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const time = performance.now() - begun;
  await reader.cancel();
  if (value === undefined) throw new Error(`Cannot measure "${path}": it printed nothing`);
  return time;
}

if (import.meta.main) {
  const lines: string[] = [];
  using project = await newProject();
  const peers = await installPeers();
  const { node24 } = await installRuntimes();
  await using telegram = await OfflineTelegram.start({ webSocketPort: 0 });
  const target = JSON.stringify(serveInfo(telegram));

  const importing = new Map<string, number[]>([["node alone", []]]);
  const signing = new Map<string, number[]>();
  const programs: [times: number[], path: string][] = [];
  const bare = await project.write("bare.mjs", "console.log(1);");
  programs.push([importing.get("node alone") ?? [], bare]);

  const stemOf = (name: string): string => {
    const folder = name === "@tessera/mtproto" ? project.folder : peers;
    return `${folder}${name.replace(/\W/g, "_")}`;
  };
  for (
    const [kind, title] of [["program", "Bot sign-in and a message"], ["echo", "Echo bot"]] as const
  ) {
    lines.push(`${title.padEnd(32)}minified       gzip   at start`);
    for (const { name, platform, imports, [kind]: text } of CONTENDERS) {
      const path = `${stemOf(name)}.${kind}.mjs`;
      await Deno.writeTextFile(path, imports + text);
      const { minified, gzip, gzipAtStart } = await bundleProgram(path, platform);
      const sizes = [minified, gzip, gzipAtStart].map(kilobytes).join(" ");
      lines.push(`  ${name.padEnd(28)}${sizes}`);
    }
  }
  for (const { name, imports, signIn } of CONTENDERS) {
    const stem = stemOf(name);
    if (signIn === undefined) continue;
    const all = [
      [importing, `${stem}.import.mjs`, `${imports}\nconsole.log(1);`],
      [
        signing,
        `${stem}.sign_in.mjs`,
        `${imports}\nconst target = JSON.parse(process.argv[2]);${signIn}\n` +
        "console.log(1); process.exit(0);",
      ],
    ] as const;
    for (const [times, path, text] of all) {
      await Deno.writeTextFile(path, text);
      const own: number[] = [];
      times.set(name, own);
      programs.push([own, path]);
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [times, path] of programs) times.push(await timeOf(node24, path, target));
  }
  lines.push("", "From the start of the process   imported  signed in as a bot");
  for (const [name, times] of importing) {
    const signedIn = signing.get(name);
    const last = signedIn === undefined ? "" : milliseconds(median(signedIn));
    lines.push(`  ${name.padEnd(28)}${milliseconds(median(times))}   ${last}`);
  }
  // deno-lint-ignore no-console
  console.log(lines.join("\n"));
}
