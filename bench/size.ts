/**
 * `deno task bench:size`: measures a program that signs in as a bot and sends a message, and an
 * echo bot, and the same programs with mtcute, GramJS and teleproto. A size is that of the bundle
 * that esbuild makes; "at start" leaves out the files that are loaded on first use.
 */
import { bundleProgram } from "../tests/helpers/bundled.ts";
import { newProject } from "../tests/helpers/npm_project.ts";
import { installPeers } from "../tests/helpers/install.ts";

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
  },
  mtcute("@mtcute/web", "MemoryStorage"),
  {
    ...mtcute("@mtcute/node", "MemoryStorage"),
    platform: "node",
  },
  gramJs("telegram"),
  gramJs("teleproto"),
];

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`.padStart(10);

if (import.meta.main) {
  using project = await newProject();
  const peers = await installPeers();
  const lines: string[] = [];
  const kinds = [["program", "Bot sign-in and a message"], ["echo", "Echo bot"]] as const;
  for (const [kind, title] of kinds) {
    lines.push(`${title.padEnd(32)}minified       gzip   at start`);
    for (const { name, platform, imports, [kind]: text } of CONTENDERS) {
      const folder = name === "@tessera/mtproto" ? project.folder : peers;
      const path = `${folder}${name.replace(/\W/g, "_")}.${kind}.mjs`;
      await Deno.writeTextFile(path, imports + text);
      const { minified, gzip, gzipAtStart } = await bundleProgram(path, platform);
      const sizes = [minified, gzip, gzipAtStart].map(kilobytes).join(" ");
      lines.push(`  ${name.padEnd(28)}${sizes}`);
    }
  }
  // deno-lint-ignore no-console
  console.log(lines.join("\n"));
}
