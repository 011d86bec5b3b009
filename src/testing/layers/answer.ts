// Answers for old clients. Fields that an old layer does not have fall away when its schema encodes; this adds the
// few that it demands and layer 227 no longer has, and replaces an answer whose type was another one. Nothing else
// is changed.

import type { TlObject } from "../../tl/mod.ts";

interface Fitting {
  /** The last layer in which the answer looked so. */
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

/** The updates that came after the oldest layer, with the first layer whose clients can read them. */
const NEWER_UPDATES: Readonly<Record<string, number>> = { updateNewAuthorization: 164 };

/** Whether a client of that layer can read what is pushed. What it cannot is not sent to it. */
export function canRead(updates: TlObject, layer: number): boolean {
  const update = updates.update as TlObject | undefined;
  return (NEWER_UPDATES[update?._ ?? ""] ?? 0) <= layer;
}

/** The answer of layer 227 as a client of another layer expects it. Anything but an object is the same in all layers. */
export function fitAnswer(answer: unknown, layer: number): unknown {
  if (!isTlObject(answer)) return answer;
  const fitting = FITTINGS[answer._];
  return fitting !== undefined && layer <= fitting.until ? fitting.fit(answer) : answer;
}

function isTlObject(value: unknown): value is TlObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    typeof (value as Partial<TlObject>)._ === "string";
}
