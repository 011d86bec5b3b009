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
import { md } from "@tessera/mtproto/text";
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

/** The rows of the tables: the cells on the left and on the right. */
function rows(): [left: string, right: string][] {
  return DOCUMENT.split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (?:Telethon|GramJS|-+) /.test(line))
    .map((line) => {
      const [, left, right] = line.split(/ *(?<!\\)\| */);
      return [left, right];
    });
}

function code(cell: string): string[] {
  return [...cell.matchAll(/`` (.*?) ``|`([^`]+)`/g)].map(([, one, two]) => one ?? two);
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
