/**
 * A room: an offline Telegram on loopback, a supergroup in it, and foreign clients as its members,
 * each in a process of its own. A played person leads the conversation.
 */
import { serveInfo } from "../../src/cli/serve_info.ts";
import { OfflineTelegram, type Person, type PersonChat } from "../../src/testing/mod.ts";
import { decodeUtf8 } from "../../src/crypto/mod.ts";
import { LOCK } from "../helpers/lock.ts";
import type { RoomTarget } from "./clients/room.ts";

const ROOT = new URL("../../", import.meta.url);
const START_TIME = 60_000;
const ANSWER_TIME = 20_000;

/** A client of a room, by the file of its program. */
export interface Member {
  readonly file: string;
  /** Without it, the client is the bot. */
  readonly phone?: string;
  /** The environment of a Python program. */
  readonly env?: Record<string, string>;
}

/** A room in which all clients are signed in. */
export interface Room extends AsyncDisposable {
  readonly telegram: OfflineTelegram;
  readonly leader: Person;
  readonly group: PersonChat;
  /** The methods that were called since the clients have signed in. */
  readonly calls: string[];
  /** Sends a text, and returns the answers of so many clients, sorted. */
  ask(text: string, answers: number): Promise<readonly string[]>;
  /** Ends the clients, and returns what each received. */
  stop(): Promise<readonly (readonly string[])[]>;
}

/** Opens a room. The clients are invited in their order, and are told of messages in that order. */
export async function openRoom(members: readonly Member[]): Promise<Room> {
  const people = members.flatMap(({ phone }) => phone === undefined ? [] : [{ phone, code: "1" }]);
  const telegram = await OfflineTelegram.start({
    accounts: people.map(({ phone, code }, index) => ({
      phone,
      code,
      username: `person_${index}`,
    })),
    bots: [{ token: "777:TESTTOKEN", privacy: false }],
    webSocketPort: 0,
  });
  const calls: string[] = [];
  const handle = telegram.api.handle.bind(telegram.api);
  telegram.api.handle = (request, caller) => {
    calls.push(request._);
    return handle(request, caller);
  };
  const leader = telegram.person("+9996699999", { firstName: "Leader" });
  const target = { ...serveInfo(telegram), accounts: people };
  const clients = await startAll(members, target).catch(async (error) => {
    await telegram.close();
    throw error;
  });
  const group = await leader.createSupergroup("Room");
  for (const name of people.map((_, index) => `person_${index}`)) await leader.invite(group, name);
  if (members.some(({ phone }) => phone === undefined)) {
    await leader.invite(group, "test_777_bot");
  }
  await meet(leader, group, members.length);
  calls.length = 0;
  return {
    telegram,
    leader,
    group,
    calls,
    ask: async (text, answers) => {
      await leader.send(group, text);
      const came: string[] = [];
      while (came.length < answers) {
        came.push((await leader.nextMessage({ timeout: ANSWER_TIME })).text);
      }
      return came.sort();
    },
    stop: async () => {
      await leader.send(group, "stop");
      return await Promise.all(clients.map(({ received }) => received));
    },
    [Symbol.asyncDispose]: async () => {
      for (const { end } of clients) end();
      await Promise.all(clients.map(({ ended }) => ended));
      await telegram.close();
    },
  };
}

/**
 * Writes to a group until all clients have answered. mtcute loses a message that comes while it
 * asks about the group to which it was just invited, so the first ones may be in vain.
 */
async function meet(leader: Person, group: PersonChat, clients: number): Promise<void> {
  const tries = 10;
  for (let i = 0; i < tries; i++) {
    const text = `ping hello ${i}`;
    await leader.send(group, text);
    try {
      for (let left = clients; left > 0; left--) {
        await leader.nextMessage({ text: new RegExp(`: ${text}$`), timeout: 1000 });
      }
      return leader.clear();
    } catch (error) {
      if (i === tries - 1) throw error;
    }
  }
}

interface RunningClient {
  readonly received: Promise<readonly string[]>;
  readonly ended: Promise<unknown>;
  end(): void;
}

/** Starts all clients, or none. */
async function startAll(
  members: readonly Member[],
  target: object,
): Promise<readonly RunningClient[]> {
  const all = await Promise.allSettled(members.map((member) => startClient(member, target)));
  const started = all.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
  const failed = all.find((one) => one.status === "rejected");
  if (failed === undefined) return started;
  for (const { end } of started) end();
  await Promise.all(started.map(({ ended }) => ended.catch(() => {})));
  throw failed.reason;
}

async function startClient({ file, phone, env }: Member, target: object): Promise<RunningClient> {
  const told: RoomTarget = { ...(target as RoomTarget), phone };
  const path = new URL(`clients/${file}`, import.meta.url).pathname;
  const isPython = file.endsWith(".py");
  const child = new Deno.Command(isPython ? "python3" : Deno.execPath(), {
    args: [...(isPython ? [] : ["run", "--quiet", "-A", LOCK]), path, JSON.stringify(told)],
    cwd: ROOT.pathname,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  const timer = setTimeout(() => child.kill("SIGKILL"), START_TIME);
  let output = "";
  const isReady = Promise.withResolvers<void>();
  const ended = (async () => {
    for await (const chunk of child.stdout) {
      output += decodeUtf8(chunk);
      if (/^ready$/m.test(output)) isReady.resolve();
    }
    clearTimeout(timer);
    isReady.reject(new Error(`Cannot run "${file}": it ended\n${output}\n${await errors}`));
    await child.status;
    await errors;
  })();
  await isReady.promise;
  clearTimeout(timer);
  const received = ended.then(async () => {
    const last = output.trimEnd().split("\n").at(-1) ?? "";
    if (last.startsWith("[")) return JSON.parse(last) as string[];
    throw new Error(`Cannot read what "${file}" received:\n${output}\n${await errors}`);
  });
  received.catch(() => {});
  return {
    received,
    ended,
    end: () => {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
    },
  };
}
