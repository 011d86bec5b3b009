/** Makes the groups, messages, refusals and troubles of a world in an offline Telegram. */
import { type OfflineTelegram, type Person, type PersonChat, RpcFailure } from "../testing/mod.ts";
import { UsageError } from "./arguments.ts";
import type { ServedGroup } from "./serve_info.ts";
import { findPlayer, type World, type WorldGroup } from "./world.ts";

/** Fills an offline Telegram, and returns its groups. Refusals and troubles begin last. */
export async function fillWorld(
  telegram: OfflineTelegram,
  world: World,
): Promise<readonly ServedGroup[]> {
  const play = (who: string): Person => telegram.person(findPlayer(who, world));
  const groups: ServedGroup[] = [];
  for (const [index, group] of world.groups.entries()) {
    groups.push(await at(`groups[${index}]`, () => addGroup(group, play)));
  }
  for (const [index, { from, to, text }] of world.messages.entries()) {
    await at(`messages[${index}]`, () => play(from).send(play(to), text));
  }
  for (const { method, ...failure } of world.failures) telegram.api.failNext(method, failure);
  const [first] = telegram.dcs;
  for (const { dc = first.id, ...trouble } of world.troubles) {
    telegram.dc(dc).makeTrouble(trouble);
  }
  return groups;
}

/** Names the place in the file at which the offline Telegram refuses something. */
async function at<T>(place: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof RpcFailure)) throw error;
    throw new UsageError(
      `Cannot make ${place} of the world: the offline Telegram answered ${error.message}`,
      { cause: error },
    );
  }
}

async function addGroup(group: WorldGroup, play: (who: string) => Person): Promise<ServedGroup> {
  const { kind, title, about, username, admins = [], messages = [] } = group;
  const owner = play(group.owner);
  const members = [...new Set([...group.members ?? [], ...admins])]
    .map((who) => play(who)).filter((one) => one !== owner);
  const chat = await create(owner, kind, title, { about, username, members });
  if (kind !== "group") {
    for (const who of admins) if (play(who) !== owner) await owner.promote(chat, play(who));
  }
  for (const { from, text } of messages) {
    const author = from === undefined ? owner : play(from);
    await author.send(chat, text);
  }
  const link = await owner.inviteLink(chat);
  return { id: Number(chat.id), kind, title, ...(username !== undefined && { username }), link };
}

function create(
  owner: Person,
  kind: WorldGroup["kind"],
  title: string,
  options: { about?: string; username?: string; members: readonly Person[] },
): Promise<PersonChat> {
  switch (kind) {
    case "group":
      return owner.createGroup(title, options);
    case "supergroup":
      return owner.createSupergroup(title, options);
    case "channel":
      return owner.createChannel(title, options);
  }
}
