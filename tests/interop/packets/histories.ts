/** The histories that the libraries play: each with a trouble that loses or confuses updates. */
import type { PersonChat, PersonMessage } from "../../../src/testing/mod.ts";
import type { History, Stage } from "./stage.ts";

/** Texts that tell their place. */
function texts(count: number, name = ""): string[] {
  return Array.from({ length: count }, (_, i) => `${name}${i + 1}`);
}

/** Bob writes to the client. */
async function write(stage: Stage, ...all: readonly string[]): Promise<PersonMessage[]> {
  const sent: PersonMessage[] = [];
  for (const text of all) sent.push(await stage.act(() => stage.bob.send(stage.client, text)));
  return sent;
}

/** Bob writes in a chat. */
async function post(stage: Stage, chat: PersonChat, ...all: readonly string[]): Promise<void> {
  for (const text of all) await stage.act(() => stage.bob.send(chat, text));
}

/** Bob blocks the bot, or unblocks it, again and again. */
async function block(stage: Stage, ...all: readonly boolean[]): Promise<void> {
  for (const isBlocked of all) {
    await stage.act(() => stage.bob.block(stage.client, { unblock: !isBlocked }));
  }
}

/** A supergroup of Bob, with the client in it, which has met Bob. */
function inSupergroup(play: (stage: Stage, group: PersonChat) => Promise<void>): {
  before: (stage: Stage) => Promise<void>;
  play: (stage: Stage) => Promise<void>;
} {
  let group: PersonChat | undefined;
  return {
    async before(stage) {
      await write(stage, "Hello");
      group = await stage.bob.createSupergroup("Room", { members: [stage.client, "@carol"] });
      await post(stage, group, "welcome");
    },
    async play(stage) {
      if (group !== undefined) await play(stage, group);
    },
  };
}

/** All histories. */
export const HISTORIES: readonly History[] = [
  {
    name: "nothing is lost",
    ...inSupergroup(async (stage, group) => {
      const [one] = await write(stage, "one", "two");
      await post(stage, group, "three");
      await stage.act(() => stage.bob.edit(one, "edited"));
      await stage.act(() => stage.bob.delete(one));
    }),
  },
  {
    name: "the client was away",
    before: (stage) => write(stage, "Hello").then(() => {}),
    away: (stage) => write(stage, ...texts(7)).then(() => {}),
    play: (stage) => write(stage, "later").then(() => {}),
  },
  {
    name: "the client was away, and the difference comes in slices",
    limits: { slice: 3 },
    before: (stage) => write(stage, "Hello").then(() => {}),
    away: (stage) => write(stage, ...texts(8)).then(() => {}),
    play: (stage) => write(stage, "later").then(() => {}),
  },
  {
    name: "every fifth packet is lost",
    ...inSupergroup(async (stage, group) => {
      for (let round = 0; round < 4; round++) {
        stage.fate("come", "come", "come", "come", "lose");
        for (const text of texts(3, `round ${round} `)) {
          await write(stage, text);
          await post(stage, group, text);
        }
        await stage.wait(700);
      }
      await write(stage, "last");
      await post(stage, group, "last");
    }),
  },
  {
    name: "one packet is lost, and the next one shows it",
    before: (stage) => write(stage, "Hello").then(() => {}),
    async play(stage) {
      stage.fate("lose");
      await write(stage, "one", "two");
      await stage.wait(700);
      await write(stage, "three");
    },
  },
  {
    name: "five packets are lost in a row",
    before: (stage) => write(stage, "Hello").then(() => {}),
    async play(stage) {
      stage.fate("lose", "lose", "lose", "lose", "lose");
      await write(stage, ...texts(6));
      await stage.wait(700);
      await write(stage, "last");
    },
  },
  {
    name: "an edit and a deletion are lost among messages",
    before: (stage) => write(stage, "Hello").then(() => {}),
    async play(stage) {
      const [one, two] = await write(stage, "one", "two");
      stage.fate("lose", "lose", "lose", "lose");
      await write(stage, "three");
      await stage.act(() => stage.bob.edit(one, "edited"));
      await stage.act(() => stage.bob.delete(two));
      await write(stage, "four", "five");
      await stage.wait(700);
    },
  },
  {
    name: "two packets come in the wrong order",
    before: (stage) => write(stage, "Hello").then(() => {}),
    async play(stage) {
      stage.fate("hold", "come");
      await write(stage, "one", "two");
      await stage.wait(200);
      await stage.release();
      await write(stage, "three");
    },
  },
  {
    name: "two packets of a channel come in the wrong order",
    ...inSupergroup(async (stage, group) => {
      stage.fate("hold", "come");
      await post(stage, group, "one", "two");
      await stage.wait(200);
      await stage.release();
      await post(stage, group, "three");
    }),
  },
  {
    name: "a packet comes long after it was given up",
    before: (stage) => write(stage, "Hello").then(() => {}),
    async play(stage) {
      stage.fate("hold", "come");
      await write(stage, "one", "two");
      await stage.wait(700);
      await stage.release();
      await write(stage, "three");
    },
  },
  {
    name: "packets come twice",
    ...inSupergroup(async (stage, group) => {
      stage.fate("twice", "twice", "twice", "twice");
      await write(stage, "one", "two");
      await post(stage, group, "three", "four");
    }),
  },
  {
    name: "the session is lost with three packets",
    ...inSupergroup(async (stage, group) => {
      await write(stage, "one");
      stage.fate("lose", "lose", "lose");
      await write(stage, "two", "three");
      await post(stage, group, "four");
      await stage.newSession();
      await write(stage, "five");
      await post(stage, group, "six");
    }),
  },
  {
    name: "the session is lost, and nothing comes afterwards",
    before: (stage) => write(stage, "Hello").then(() => {}),
    async play(stage) {
      await write(stage, "one");
      stage.fate("lose");
      await write(stage, "two");
      await stage.newSession();
    },
  },
  {
    name: "a packet of a channel is lost",
    ...inSupergroup(async (stage, group) => {
      stage.fate("come", "lose", "come");
      await post(stage, group, "one", "two", "three");
      await stage.wait(700);
      await post(stage, group, "four");
    }),
  },
  {
    name: "a gap in a channel does not hold up the account",
    ...inSupergroup(async (stage, group) => {
      stage.fate("lose");
      await post(stage, group, "one", "two");
      await write(stage, "private");
      await stage.wait(700);
    }),
  },
  {
    name: "the difference of a channel comes in parts",
    limits: { slice: 2 },
    ...inSupergroup(async (stage, group) => {
      stage.fate("lose", "lose", "lose", "lose", "lose");
      await post(stage, group, ...texts(6));
      await stage.wait(700);
      await post(stage, group, "last");
    }),
  },
  {
    name: "the difference of a channel is too long",
    ...inSupergroup(async (stage, group) => {
      for (let i = 0; i < 105; i++) stage.fate("lose");
      await post(stage, group, ...texts(106));
      await stage.wait(700);
      await post(stage, group, "last");
    }),
  },
  {
    name: "the common difference is too long",
    limits: { tooLongAfter: 5 },
    before: (stage) => write(stage, "Hello").then(() => {}),
    async play(stage) {
      for (let i = 0; i < 9; i++) stage.fate("lose");
      await write(stage, ...texts(10));
      await stage.wait(700);
      await write(stage, "last");
    },
  },
  {
    name: "a stranger writes in a group, and is described in part",
    ...inSupergroup(async (stage, group) => {
      await stage.act(() => stage.carol.send(group, "from a stranger"));
      await stage.wait(700);
      await post(stage, group, "from Bob");
    }),
  },
  {
    name: "a channel comes whose pts is not known",
    before: (stage) => write(stage, "Hello").then(() => {}),
    async play(stage) {
      const group = await stage.act(() =>
        stage.bob.createSupergroup("New", { members: [stage.client] })
      );
      await post(stage, group, "one", "two");
      stage.fate("lose");
      await post(stage, group, "three", "four");
      await stage.wait(700);
    },
  },
  {
    name: "a packet with a seq is lost",
    before: (stage) => write(stage, "Hello").then(() => {}),
    async play(stage) {
      const make = (title: string): Promise<PersonChat> =>
        stage.act(() => stage.bob.createSupergroup(title, { members: [stage.client] }));
      await make("First");
      stage.fate("lose", "lose");
      await make("Second");
      await make("Third");
      await stage.wait(700);
      await write(stage, "last");
    },
  },
  {
    name: "events of a bot are lost",
    isBot: true,
    async before(stage) {
      await write(stage, "/start");
      await block(stage, true, false);
    },
    async play(stage) {
      await block(stage, true);
      stage.fate("lose");
      await block(stage, false, true);
      await stage.wait(700);
      await block(stage, false);
      await write(stage, "last");
    },
  },
  {
    name: "the first event of a bot",
    isBot: true,
    before: (stage) => write(stage, "/start").then(() => {}),
    async play(stage) {
      await block(stage, true);
      stage.fate("lose");
      await block(stage, false, true);
      await stage.wait(700);
    },
  },
];
