/**
 * Answers for old clients. The schema of an old layer drops the fields that it does not have. This
 * file adds the few fields that it requires and layer 227 lacks, and replaces the answers whose
 * type was another one.
 */
import type { TlObject } from "../../tl/mod.ts";

interface Fitting {
  /** The last layer with this form of the answer. */
  readonly until: number;
  fit(answer: TlObject): unknown;
}

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
};

/** The updates that are newer than the oldest layer, with the first layer that has them. */
const NEWER_UPDATES: Readonly<Record<string, number>> = { updateNewAuthorization: 164 };

/** Returns whether a client of a layer can read these updates. If not, they are not sent. */
export function canRead(updates: TlObject, layer: number): boolean {
  const update = updates.update as TlObject | undefined;
  return (NEWER_UPDATES[update?._ ?? ""] ?? 0) <= layer;
}

/**
 * Returns an answer of layer 227 in the form that a client of another layer expects. Only objects
 * differ between layers.
 */
export function fitAnswer(answer: unknown, layer: number): unknown {
  if (!isTlObject(answer)) return answer;
  const fitting = FITTINGS[answer._];
  return fitting !== undefined && layer <= fitting.until ? fitting.fit(answer) : answer;
}

function isTlObject(value: unknown): value is TlObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    typeof (value as Partial<TlObject>)._ === "string";
}
