/**
 * docs/coming-from.md tells the truth: every piece of code that it says to write here is
 * type-checked as it stands.
 */
import { assert } from "../helpers/assert.ts";
import { longTest } from "../helpers/long.ts";
import { assertTypeChecks } from "./type_check.ts";

const DOCUMENT = await Deno.readTextFile(new URL("../../docs/coming-from.md", import.meta.url));

/** What the pieces take from their surroundings. */
const SURROUNDINGS = `
import * as tessera from "@tessera/mtproto";
import {
  Client, type ClientOptions, type LoginAnswers, type LoginToken, MemorySession,
  type PasswordToken, type QrCode, RpcError,
  SignInError, type SignUpToken, StoreSession, StringSession, TelegramClient, User,
} from "@tessera/mtproto";
declare const client: Client<StringSession>, session: StringSession, stringSession: StringSession;
declare const apiId: number, apiHash: string, phone: string, code: QrCode & string;
declare const url: string, error: unknown;
declare const loginToken: LoginToken, passwordToken: PasswordToken;
declare const userOrToken: User | PasswordToken | SignUpToken;
declare const newPassword: string, currentPassword: string, hint: string;
import { html, md } from "@tessera/mtproto/text";
import { importSession } from "@tessera/mtproto/convert";
import { OfflineTelegram } from "@tessera/mtproto/testing";
declare const source: import("@tessera/mtproto").StoreSource, text: string;
declare const message: import("@tessera/mtproto").Message;
declare const chat: string, id: number, date: Date;
declare const email: string, token: string;
declare const { phoneNumber, phoneCode, firstAndLastNames, botAuthToken, onError }: LoginAnswers;
declare const qrCode: NonNullable<LoginAnswers["qrCode"]>, password: string;
declare const { dial }: ClientOptions;
declare function show(url: string): void;
type Name =
  | keyof typeof tessera | keyof typeof globalThis | keyof ClientOptions | keyof LoginAnswers;
`;

/** What the pieces of mtcute take from their surroundings. */
const SURROUNDINGS_OF_MTCUTE = `
import { InputMedia, md, type Message, type Photo, TelegramClient } from "npm:@mtcute/node@0.30.3";
declare const tg: TelegramClient, msg: Message, photo: Photo, phone: string, phoneCode: string;
declare const password: string, hint: string, email: string, token: string, string: string;
declare const currentPassword: string, newPassword: string, chat: string, id: number, date: Date;
declare const apiId: number, apiHash: string;
declare function show(url: string): void;
declare const code: import("npm:@mtcute/node@0.30.3").SentCode & string;
`;

/** The rows of the tables: the cells on the left and on the right. */
function rows(document = DOCUMENT): [left: string, right: string][] {
  return document.split("\n")
    .filter((line) =>
      line.startsWith("| ") && !/^\| (?:Telethon|GramJS|mtcute|MTKruto|-+) /.test(line)
    )
    .map((line) => {
      const [, left, right] = line.split(/ *(?<!\\)\| */);
      return [left, right];
    });
}

function code(cell: string): string[] {
  return [...cell.matchAll(/(?<!`)`` ?(.+?) ?(?<!`)``(?!`)|`([^`]+)`/g)].map(([, one, two]) =>
    one ?? two
  );
}

/** A piece of code as a statement. */
function statement(piece: string, index: number): string {
  if (/^\w+$/.test(piece)) return `"${piece}" satisfies Name;`;
  if (piece.startsWith("{")) return `const options${index}: ClientOptions = ${piece};`;
  if (piece.startsWith("error.")) {
    return `if (error instanceof RpcError || error instanceof SignInError) ${piece};`;
  }
  return `${piece};`;
}

longTest(
  "every piece of code in docs/coming-from.md that is written here type-checks",
  async () => {
    const blocks = rows().map(([left, right]) => {
      const same = right.startsWith("the same") ? code(left).filter((piece) => piece !== "…") : [];
      // The ending of a file's name is no code.
      const pieces = [...same, ...code(right)].filter((piece) => piece !== ".session");
      return `  async () => {\n${pieces.map(statement).join("\n")}\n  },`;
    });
    assert(blocks.length > 40, `${blocks.length} rows were found`);
    await assertTypeChecks([`${SURROUNDINGS}\nexport default [\n${blocks.join("\n")}\n];\n`]);
  },
);

longTest(
  "every call in docs/coming-from.md that mtcute's users know is one of mtcute's",
  async () => { // `msg.` is a message of its dispatcher, which is another package
    const [, section] = DOCUMENT.split("## From mtcute");
    const pieces = rows(section.split("## From MTKruto")[0])
      .flatMap(([left]) => code(left))
      .filter((piece) =>
        /^(?:await|for await|const|tg\.)/.test(piece) && !/…|Stub|msg\./.test(piece)
      );
    assert(pieces.length > 35, `${pieces.length} calls were found`);
    const blocks = pieces.map((piece) => `  async () => {\n${piece};\n  },`).join("\n");
    await assertTypeChecks([`${SURROUNDINGS_OF_MTCUTE}\nexport default [\n${blocks}\n];\n`]);
  },
);
