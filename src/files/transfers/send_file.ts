/**
 * Sending files, one by one or as an album: https://core.telegram.org/api/files#uploading-files
 *
 * | error of the call                   | what follows                                           |
 * |-------------------------------------|--------------------------------------------------------|
 * | FILE_PART_X_MISSING                 | part X is uploaded again; without the first, all are   |
 * | FILE_REFERENCE_EXPIRED, …           | the message of the media is read again                 |
 * | a photo that Telegram cannot show   | it is sent as a document, unless `as` says otherwise   |
 *
 * Each time the call is made again with the same random_id: it sends once.
 */
import type { MethodCall, StepOptions } from "../../auth/mod.ts";
import { RpcError } from "../../connection/mod.ts";
import {
  inputPeerOf,
  loadChats,
  type Message,
  type PeerLike,
  sendInOrder,
  type SendOptions,
  type TextLike,
} from "../../messages/mod.ts";
import { checkFields, randomLong, withAnySignal } from "../../runtime/mod.ts";
import type { Api } from "../../tl/mod.ts";
import type { FileHost } from "../file_host.ts";
import {
  FILE_FORMS,
  type FileForm,
  formOf,
  knownMedia,
  type MediaOptions,
  uploadedMedia,
} from "./input_media.ts";
import { type Downloadable, mediaIn, whatIs } from "./media.ts";
import { isStale, messageAgain } from "./file_reference.ts";
import type { FileSource } from "./source.ts";
import { upload, UploadedFile, type UploadOptions } from "./upload.ts";

/** A file to send: bytes in any form, a file that is uploaded already, or media that exists. */
export type SendableFile = FileSource | UploadedFile | Exclude<Downloadable, { location: unknown }>;

/** How a file is sent. */
export interface FileOptions extends Omit<UploadOptions, "signal"> {
  /** The text below it. */
  readonly caption?: TextLike;
  /** How it is shown; by default, its first bytes tell. */
  readonly as?: FileForm;
  /** Whether it is covered until it is touched. */
  readonly spoiler?: boolean;
  /** A small JPEG image that is shown before the file is loaded: at most 320 pixels, 200 KB. */
  readonly thumb?: FileSource | UploadedFile;
}

/** How a file is sent, and the message with it. */
export type SendFileOptions = FileOptions & SendOptions;

/** A file of an album: the file alone, or with options of its own. */
export type AlbumItem = SendableFile | FileOptions & { readonly file: SendableFile };

/** The most files of an album. */
const ALBUM = 10;
/** How often a call is made again after what it lacked was mended. */
const MENDS = 20;
/** How often a message is read again for a fresh reference. */
const RENEWALS = 3;
/** The errors of a photo that Telegram cannot show. */
const NO_PHOTO = [
  "PHOTO_EXT_INVALID",
  "PHOTO_INVALID_DIMENSIONS",
  "IMAGE_PROCESS_FAILED",
  "PHOTO_SAVE_FILE_INVALID",
];
const FILE_FIELDS = ["caption", "as", "spoiler", "thumb", "name", "mime", "size", "onProgress"];

/**
 * Sends a file. Returns the message with it.
 *
 * @throws {TypeError} for a source or an option that is not understood
 * @throws {RangeError} for a file that is empty or too large
 */
export async function sendFile(
  host: FileHost,
  to: PeerLike,
  file: SendableFile,
  options: SendFileOptions = {},
): Promise<Message> {
  const { own, message } = split(options);
  const { signal } = message;
  const chats = await loadChats();
  checkFields("send a file", options, [...FILE_FIELDS, ...chats.SEND_FIELDS]);
  const params = mediaParams(chats, own.caption, message); // refuses what it does not understand
  // A chat that does not exist is found before a large file has been uploaded for nothing.
  if (needsUpload(file)) await inputPeerOf(host, to, { signal });
  const sent = await SentFile.of(host, file, own, signal);
  const randomId = params.randomId ?? randomLong(host.random);
  return await sent.mending(signal, () =>
    sendInOrder(host, to, signal, async (chats) => {
      const all = await chats.formatted(host, params, signal);
      return {
        randomId,
        request: (peer): MethodCall<"messages.sendMedia"> => ({
          _: "messages.sendMedia",
          ...all,
          media: sent.media,
          peer,
          randomId,
        }),
        read: (request, answer) => chats.sentMessage(host, request, answer),
      };
    }));
}

/**
 * Sends two to ten files as an album. Returns the messages with them. The caption of the options
 * is that of the first file.
 */
export async function sendAlbum(
  host: FileHost,
  to: PeerLike,
  items: readonly AlbumItem[],
  options: SendFileOptions = {},
): Promise<readonly Message[]> {
  const { own, message } = split(options);
  const { signal } = message;
  if (items.length < 1 || items.length > ALBUM) {
    throw new TypeError(
      `Cannot send an album of ${items.length} files, expected 1 to ${ALBUM}. Send several albums.`,
    );
  }
  if (message.buttons !== undefined) {
    throw new TypeError(
      "Cannot send an album with buttons. Send them with a message of their own.",
    );
  }
  const { caption, ...shared } = own;
  const all = items.map((item, index) => ({
    ...shared,
    ...(index === 0 && caption !== undefined && { caption }),
    ...albumItem(item),
  }));
  if (items.length === 1) {
    const [{ file, ...rest }] = all;
    return [await sendFile(host, to, file, { ...message, ...rest })];
  }
  const chats = await loadChats();
  checkFields("send an album", options, [...FILE_FIELDS, ...chats.SEND_FIELDS]);
  const params = all.map(({ caption }) => mediaParams(chats, caption, message));
  const peer = await inputPeerOf(host, to, { signal });
  const failure = new AbortController();
  const sent = await withAnySignal(failure.signal, signal, async (signal) => {
    const passing = all.map(async ({ file, ...rest }) => {
      const one = await SentFile.of(host, file, rest, signal);
      await one.mending(signal, () => one.pass(peer, signal));
      return one;
    });
    try {
      return await Promise.all(passing);
    } finally {
      failure.abort(new Error("Cannot go on with a file: another file of the album has failed"));
      await Promise.allSettled(passing);
    }
  });
  const randomIds = sent.map(() => randomLong(host.random));
  const send = (): Promise<Message[]> =>
    sendInOrder(host, to, signal, async (chats) => {
      const texts = await Promise.all(params.map((one) => chats.formatted(host, one, signal)));
      const multiMedia = texts.map(({ message, entities }, index): Api.InputSingleMedia => ({
        _: "inputSingleMedia",
        media: sent[index].media,
        randomId: randomIds[index],
        message,
        ...(entities !== undefined && { entities }),
      }));
      const [{ message: _text, entities: _entities, randomId: _own, replyMarkup: _, ...rest }] =
        params;
      return {
        randomId: randomIds[0],
        request: (peer): MethodCall<"messages.sendMultiMedia"> => ({
          _: "messages.sendMultiMedia",
          ...rest,
          peer,
          multiMedia,
        }),
        read: (request, answer) =>
          multiMedia.map((one) =>
            chats.sentMessage(
              host,
              { ...one, peer: request.peer, replyTo: request.replyTo },
              answer,
            )
          ),
      };
    });
  return await mending(signal, send, async (error) => {
    if (!isStale(error)) return false;
    // FILE_REFERENCE_X_EXPIRED has the index of the file; without it, it may be any of them.
    const stale = error.value === undefined ? sent : sent.slice(error.value, error.value + 1);
    return (await Promise.all(stale.map((one) => one.renew()))).includes(true);
  });
}

/** Makes a call, and makes it again when `mend` could mend what it lacked. */
async function mending<T>(
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
  mend: (error: RpcError) => Promise<boolean>,
): Promise<T> {
  for (let mends = 0;; mends++) {
    try {
      return await call();
    } catch (error) {
      signal?.throwIfAborted();
      const isMended = mends < MENDS && error instanceof RpcError && await mend(error);
      if (!isMended) throw error;
    }
  }
}

type Params = Omit<Api.Methods["messages.sendMedia"]["params"], "peer" | "media" | "randomId"> & {
  readonly randomId?: bigint;
};

/** Returns the parameters of a message with media, but for the peer and the media. */
function mediaParams(
  chats: Awaited<ReturnType<typeof loadChats>>,
  caption: TextLike = "",
  options: SendOptions,
): Params {
  if (options.linkPreview !== undefined) {
    throw new TypeError("Cannot send a file with linkPreview: a message with media has no preview");
  }
  return chats.outgoingParams(caption, options);
}

/** Takes the options of the file and those of the message apart. */
function split(
  options: SendFileOptions,
): { readonly own: FileOptions; readonly message: SendOptions } {
  const own: Record<string, unknown> = {};
  const message: Record<string, unknown> = {};
  checkFields("send a file", options); // an object
  for (const [name, value] of Object.entries(options)) {
    (FILE_FIELDS.includes(name) ? own : message)[name] = value;
  }
  return { own, message };
}

function albumItem(item: AlbumItem): FileOptions & { readonly file: SendableFile } {
  const isPlain = typeof item === "object" && item !== null &&
    Object.getPrototypeOf(item) === Object.prototype && "file" in item;
  if (!isPlain) return { file: item as SendableFile };
  checkFields("send a file of an album", item, ["file", ...FILE_FIELDS]);
  return item as FileOptions & { readonly file: SendableFile };
}

/** A file on its way into a message. */
class SentFile {
  readonly #host: FileHost;
  readonly #options: MediaOptions;
  readonly #asGiven: FileForm | undefined;
  #file: UploadedFile | undefined;
  #form: FileForm = "document";
  /** The message that has the media, which is read again for a fresh reference. */
  readonly #message: Message | undefined;
  #media: Api.InputMedia = { _: "inputMediaEmpty" };
  #renewals = 0;

  private constructor(host: FileHost, source: SendableFile, options: MediaOptions) {
    this.#host = host;
    this.#options = options;
    this.#asGiven = options.as;
    this.#message = isMessage(source) ? source : undefined;
  }

  /** Uploads the file, unless Telegram has it. */
  static async of(
    host: FileHost,
    source: SendableFile,
    options: FileOptions,
    signal: AbortSignal | undefined,
  ): Promise<SentFile> {
    const { as, spoiler, thumb, caption: _, ...rest } = options;
    if (as !== undefined && !FILE_FORMS.includes(as)) {
      throw new TypeError(
        `Cannot send a file as "${as}", expected one of "${FILE_FORMS.join('", "')}"`,
      );
    }
    const known = mediaIn(source);
    if (known === undefined && isOfTelegram(source)) {
      throw new TypeError(
        `Cannot send a file: ${whatIs(source)} has no file. Pass a message with a photo or a ` +
          "document, or the bytes of a file.",
      );
    }
    const uploadedThumb = thumb === undefined || known !== undefined
      ? undefined
      : await uploaded(host, thumb, { signal });
    const sent = new SentFile(host, source, {
      ...(as && { as }),
      ...(spoiler !== undefined && { spoiler }),
      ...(uploadedThumb && { thumb: uploadedThumb }),
    });
    if (known !== undefined) sent.#media = knownMedia(known, spoiler);
    else sent.#use(await uploaded(host, source as FileSource | UploadedFile, { ...rest, signal }));
    return sent;
  }

  /** The media, as the call takes it. */
  get media(): Api.InputMedia {
    return this.#media;
  }

  /** Has Telegram make a photo or document of the file, without sending it. */
  async pass(peer: Api.InputPeer, signal: AbortSignal | undefined): Promise<void> {
    const { media } = this;
    if (media._ === "inputMediaPhoto" || media._ === "inputMediaDocument") return;
    const request = { _: "messages.uploadMedia", peer, media } as const;
    const made = mediaIn(await this.#host.invoke(request, { signal }));
    if (made === undefined) {
      throw new TypeError("Cannot send the album: Telegram made no media of a file");
    }
    this.#media = knownMedia(made, this.#options.spoiler);
  }

  /** Makes a call, and makes it again when what it lacked could be mended. */
  async mending<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    return await mending(signal, call, (error) => this.#mend(error));
  }

  async #mend(error: RpcError): Promise<boolean> {
    if (error.is("FILE_PART_MISSING") && this.#file !== undefined) {
      const restored = await UploadedFile.restored(this.#file, error.value ?? 0);
      if (restored !== undefined) this.#use(restored);
      return restored !== undefined;
    }
    if (NO_PHOTO.includes(error.errorMessage) && this.#form === "photo" && !this.#asGiven) {
      this.#form = "document";
      if (this.#file !== undefined) {
        this.#media = uploadedMedia(this.#file, this.#form, this.#options);
      }
      return this.#file !== undefined;
    }
    return isStale(error) && await this.renew();
  }

  /** Reads the message of the media again, for a fresh reference. Returns whether there is one. */
  async renew(): Promise<boolean> {
    if (this.#message === undefined || this.#renewals++ === RENEWALS) return false;
    const known = mediaIn(await messageAgain(this.#host, this.#message));
    if (known === undefined) return false;
    if (known.id !== mediaIn(this.#message)?.id) {
      throw new Error(
        "Cannot send the file of the message: the message has another file now. Read it again.",
      );
    }
    this.#media = knownMedia(known, this.#options.spoiler);
    return true;
  }

  #use(file: UploadedFile): void {
    this.#file = file;
    this.#form = formOf(file, this.#asGiven);
    this.#media = uploadedMedia(file, this.#form, this.#options);
  }
}

/** Whether a value is a message, its media, or another object of Telegram. */
function isOfTelegram(source: SendableFile): boolean {
  return typeof source === "object" && source !== null && ("raw" in source || "_" in source);
}

function needsUpload(source: SendableFile): boolean {
  return !(source instanceof UploadedFile) && !isOfTelegram(source);
}

function isMessage(source: SendableFile): source is Message {
  return typeof source === "object" && source !== null && "raw" in source;
}

async function uploaded(
  host: FileHost,
  source: FileSource | UploadedFile,
  options: UploadOptions & StepOptions,
): Promise<UploadedFile> {
  return source instanceof UploadedFile ? source : await upload(host, source, options);
}
