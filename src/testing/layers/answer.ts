/**
 * Answers and updates for clients of other layers. The schema of an old layer drops the fields that
 * it does not have. This file adds the few fields that it requires and layer 228 lacks, replaces
 * the objects whose type was another one, and leaves out what the layer cannot read.
 */
import { apiSchema, type TlObject } from "../../tl/mod.ts";
import { newerMarkup } from "./buttons.ts";

/** How an object of layer 228 looks in other layers: up to one, or from one on. */
type Fitting =
  & ({ readonly until: number } | { readonly since: number })
  & { readonly fit: (object: TlObject) => unknown };

const FITTINGS: Readonly<Record<string, Fitting>> = {
  "config": {
    until: 153,
    fit: (config) => ({
      ...config,
      phonecallsEnabled: true,
      savedGifsLimit: 200,
      stickersFavedLimit: 5,
      pinnedDialogsCountMax: 5,
      pinnedInfolderCountMax: 100,
    }),
  },
  "help.appConfig": { until: 153, fit: (answer) => answer.config as TlObject },
  "users.userFull": {
    until: 133,
    fit: ({ fullUser, users }) => ({ ...fullUser as TlObject, user: (users as TlObject[])[0] }),
  },
  "auth.loggedOut": { until: 133, fit: () => true },
  "help.appConfigNotModified": { until: 153, fit: () => ({ _: "jsonObject", value: [] }) },
  "messages.chatInviteJoinResultOk": { until: 226, fit: ({ updates }) => updates },
  "messages.invitedUsers": { until: 176, fit: ({ updates }) => updates },
  "reactionCount": {
    until: 144,
    fit: ({ chosenOrder, reaction, count }) => ({
      _: "reactionCount",
      chosen: chosenOrder !== undefined || undefined,
      reaction: (reaction as TlObject).emoticon,
      count,
    }),
  },
  "botInfo": {
    until: 143,
    fit: (info) => ({
      ...info,
      description: "",
      commands: [],
      menuButton: { _: "botMenuButtonDefault" },
    }),
  },
  "document": { until: 142, fit: (document) => ({ ...document, size: Number(document.size) }) },
  "documentAttributeVideo": {
    until: 159,
    fit: (video) => ({ ...video, duration: Math.round(video.duration as number) }),
  },
  "fileHash": { until: 142, fit: (hash) => ({ ...hash, offset: Number(hash.offset) }) },
  "replyInlineMarkup": { since: 229, fit: newerMarkup },
  "replyKeyboardMarkup": { since: 229, fit: newerMarkup },
};

/** The objects that clients can do without, with the first layer that has them. */
const FIRST_LAYERS: Readonly<Record<string, number>> = {
  botMenuButtonDefault: 140,
  inlineQueryPeerTypeBotPM: 158,
  keyboardButtonCopy: 188,
  keyboardButtonRequestPeer: 152,
  keyboardButtonSimpleWebView: 140,
  keyboardButtonUserProfile: 135,
  keyboardButtonWebView: 140,
  messageEntityCustomEmoji: 144,
  messageEntityFormattedDate: 223,
  messageEntitySpoiler: 136,
  messageReactions: 136,
  documentAttributeCustomEmoji: 144,
  updateBotMessageReaction: 169,
  updateMessageReactions: 136,
  updateNewAuthorization: 164,
  updateUser: 151,
};

/** Returns whether a client of a layer can read these updates. If not, they are not sent. */
export function canRead({ update, updates }: TlObject, layer: number): boolean {
  const all = (updates ?? (update === undefined ? [] : [update])) as TlObject[];
  return all.length === 0 || all.some((one) => exists(one, layer));
}

/**
 * Returns an answer or an update of layer 228 in the form that a client of another layer expects.
 * Only objects differ between layers.
 */
export function fitAnswer(answer: unknown, layer: number): unknown {
  if (layer === apiSchema().layer) return answer;
  if (Array.isArray(answer)) {
    return answer.filter((one) => exists(one, layer)).map((one) => fitAnswer(one, layer));
  }
  if (!isTlObject(answer)) return answer;
  const object = fitted(answer, layer);
  // Another object, which may have to be fitted itself.
  if (!isTlObject(object) || object._ !== answer._) return fitAnswer(object, layer);
  const fields = Object.entries(object).filter(([, field]) => exists(field, layer));
  return Object.fromEntries(fields.map(([name, field]) => [
    name,
    typeof field === "object" && field !== null ? fitAnswer(field, layer) : field,
  ]));
}

function fitted(object: TlObject, layer: number): unknown {
  const fitting = FITTINGS[object._];
  if (fitting === undefined) return object;
  const applies = "until" in fitting ? layer <= fitting.until : layer >= fitting.since;
  return applies ? fitting.fit(object) : object;
}

function exists(value: unknown, layer: number): boolean {
  return !isTlObject(value) || (FIRST_LAYERS[value._] ?? 0) <= layer;
}

function isTlObject(value: unknown): value is TlObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Uint8Array) && typeof (value as Partial<TlObject>)._ === "string";
}
