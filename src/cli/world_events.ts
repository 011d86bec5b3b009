/** Makes the groups, messages, refusals and troubles of a world in an offline Telegram. */
import { type OfflineTelegram, type Person, type PersonChat } from "../testing/mod.ts";
import type { ServedGroup } from "./serve_info.ts";
import { findPlayer, type World, type WorldGroup } from "./world.ts";

/** Fills an offline Telegram, and returns its groups. Refusals and troubles begin last. */
export async function fillWorld(
  telegram: OfflineTelegram,
  world: World,
): Promise<readonly ServedGroup[]> {
  const play = (who: string): Person => telegram.person(findPlayer(who, world));
  const groups: ServedGroup[] = [];
  for (const group of world.groups) groups.push(await addGroup(group, play));
  for (const { from, to, text } of world.messages) await play(from).send(to, text);
  for (const { method, ...failure } of world.failures) telegram.api.failNext(method, failure);
  const [first] = telegram.dcs;
  for (const { dc = first.id, ...trouble } of world.troubles) {
    telegram.dc(dc).makeTrouble(trouble);
  }
  return groups;
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
