/**
 * Histories by chance: people write and edit, and packets come as they like. Nothing is deleted:
 * whether a deleted message comes depends on when a client asks.
 */
import type { PersonChat, PersonMessage } from "../../../src/testing/mod.ts";
import { pick, seededRandom } from "../../helpers/seeded_random.ts";
import type { History } from "./stage.ts";

const STEPS = 40;
/** Most packets come. */
const FATES = ["come", "come", "come", "come", "lose", "hold", "twice"] as const;

/** Returns the history of a seed. Its last packets show what is missing. */
export function randomHistory(seed: number): History {
  let room: PersonChat;
  return {
    name: `random ${seed}`,
    limits: { slice: 2 + seed % 4 },
    async before({ bob, client }) {
      await bob.send(client, "Hello");
      room = await bob.createSupergroup("Room", { members: [client] });
      await bob.send(room, "welcome");
    },
    async play(stage) {
      const { bob, client } = stage;
      const random = seededRandom(seed); // the same in each run
      const one = (limit: number): number => pick(random, limit);
      const sent: PersonMessage[] = [];
      for (let step = 0; step < STEPS; step++) {
        stage.fate(FATES[one(FATES.length)]);
        const message = sent[one(sent.length + 1)];
        const dice = one(11);
        if (dice < 4) sent.push(await stage.act(() => bob.send(client, `${step}`)));
        else if (dice < 8) sent.push(await stage.act(() => bob.send(room, `${step}`)));
        else if (dice === 8 && message !== undefined) {
          await stage.act(() => bob.edit(message, `edit ${step}`));
        } else if (dice === 9) await stage.release();
        else await stage.wait(one(800));
        if (one(20) === 0) await stage.newSession();
      }
      await stage.calm();
      for (const to of [client, room]) await stage.act(() => bob.send(to, "last"));
    },
  };
}
