/** What the bytes of a file tell of it, as far as Telegram wants to know it before it is sent. */
export * from "./file_kind.ts";
