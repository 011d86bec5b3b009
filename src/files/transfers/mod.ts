/** Everything that people do with files. It loads on first use. */
export * from "./download.ts";
export * from "./profile_photo.ts";
export * from "./send_file.ts";
export * from "./upload.ts";
