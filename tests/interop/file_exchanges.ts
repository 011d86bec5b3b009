/**
 * An exchange of files: our client sends some to its Saved Messages, a foreign client in a process
 * of its own downloads them and sends the same files again, and ours downloads those.
 */
import { Client, MemorySession } from "../../mod.ts";
import { serveInfo } from "../../src/cli/serve_info.ts";
import { OfflineTelegram, TEST_ACCOUNTS } from "../../src/testing/mod.ts";
import { assertEquals } from "../helpers/assert.ts";
import { assertSameBytes } from "../helpers/same_bytes.ts";
import { png } from "../testing/api/images.ts";
import { bytesOf, someBytes } from "../files/bytes.ts";
import type { ExchangedFile, FileTarget } from "./clients/file_exchange.ts";
import { type ClientProgram, runClient } from "./processes.ts";

/** A file, and what is in it. */
interface Sample extends Omit<ExchangedFile, "path"> {
  readonly bytes: Uint8Array;
}

const MIB = 1 << 20;
const [{ phone, code }] = TEST_ACCOUNTS;

const SMALL: readonly Sample[] = [
  { name: "small.bin", as: "document", bytes: someBytes(5000, 1) },
  { name: "odd.bin", as: "document", bytes: someBytes(MIB + 1, 2) },
  { name: "photo.png", as: "photo", bytes: png(40, 30, 100_000) },
];

const LARGE: readonly Sample[] = [
  ...SMALL,
  { name: "even.bin", as: "document", bytes: someBytes(MIB, 3) },
  { name: "big.bin", as: "document", bytes: someBytes(11 * MIB + 7, 4) },
];

const ALBUM: readonly Sample[] = [
  { name: "album_1.png", as: "photo", bytes: png(400, 300, 5000) },
  { name: "album_2.png", as: "photo", bytes: png(300, 400, 9000) },
];

const FAR: Sample = { name: "far.bin", as: "document", bytes: someBytes(MIB + 99, 5) };
const FAR_DC = 4;

/** What is exchanged. */
export interface ExchangeOptions {
  /** Whether large files are, too; false by default. */
  readonly large?: boolean;
  /** Whether the client also downloads a file of another data center; false by default. */
  readonly far?: boolean;
}

/** Exchanges files with a client. */
export async function exchangeFiles(
  program: ClientProgram,
  { large = false, far = false }: ExchangeOptions = {},
): Promise<void> {
  const samples = large ? LARGE : SMALL;
  const folder = await Deno.makeTempDir();
  try {
    await using telegram = await OfflineTelegram.start({ webSocketPort: 0, dcs: [2, FAR_DC] });
    const { apiId, apiHash, dcs, keys } = telegram;
    await using client = new Client(new MemorySession(), apiId, apiHash, { dcs, keys });
    await client.start({ phoneNumber: phone, phoneCode: String(code) });
    for (const { name, as, bytes } of samples) {
      await client.sendFile("me", bytes, { name, as, caption: `ours ${name}` });
    }
    await client.sendFile(
      "me",
      ALBUM.map(({ name, as, bytes: file }) => ({ file, name, as, caption: `ours ${name}` })),
    );
    if (far) {
      const { name, bytes } = FAR;
      const document = telegram.api.addFile({ bytes, name, dcId: FAR_DC });
      await telegram.person(phone).sendFile("me", document, { caption: `ours ${name}` });
    }
    const place = async ({ name, as, bytes }: Sample): Promise<ExchangedFile> => {
      const path = `${folder}/${name}`;
      await Deno.writeFile(path, bytes);
      return { name, as, path };
    };
    const target: FileTarget = {
      ...serveInfo(telegram),
      files: await Promise.all(samples.map(place)),
      album: await Promise.all(ALBUM.map(place)),
      folder: `${folder}/theirs`,
    };
    await Deno.mkdir(target.folder);
    await runClient(program, target);
    const all = [...samples, ...ALBUM];
    for (const { name, bytes } of [...all, ...(far ? [FAR] : [])]) {
      assertSameBytes(await Deno.readFile(`${target.folder}/${name}`), bytes, `${name} from us`);
    }
    const sent = new Map<string, Uint8Array>();
    const albums = new Set<bigint | undefined>();
    for await (const message of client.messages("me", { limit: all.length })) {
      const name = message.text.replace("theirs ", "");
      sent.set(name, await bytesOf(client.download(message)));
      if (name.startsWith("album")) albums.add(message.groupedId);
    }
    for (const { name, bytes } of all) {
      assertSameBytes(sent.get(name) ?? new Uint8Array(0), bytes, `${name} to us`);
    }
    assertEquals([albums.size, albums.has(undefined)], [1, false]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
