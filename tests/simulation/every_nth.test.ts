/**
 * Whole sign-ins in which one operation fails: for every n, the n-th dial, read, write or operation
 * of the store. Each ends in success or one error of a known kind, leaves nothing open, and can be
 * repeated at once.
 */
import { Client, ConnectionError, SessionError, SignInError, StoreSession } from "../../mod.ts";
import type { ByteStream, Dial } from "../../src/net/mod.ts";
import type { KeyValueStore } from "../../src/session/mod.ts";
import { OfflineTelegram } from "../../src/testing/mod.ts";
import { assert, assertEquals } from "../helpers/assert.ts";
import { sameRandom } from "../helpers/remembered_powers.ts";
import { ProcessClock, VirtualTime } from "./virtual_time.ts";

const PHONE = "+9996621111";
const CODE = "22222";
const PASSWORD = "hunter2";
/** Milliseconds in which a sign-in ends, whatever fails. */
const LIMIT = 300_000;

type Operation = "dial" | "read" | "write" | "store";

const FLOWS = {
  "a bot": { botAuthToken: "777:TESTTOKEN" },
  "a person": { phoneNumber: PHONE, phoneCode: CODE, password: PASSWORD },
};

/** The operations of one sign-in, of which one fails. */
class Operations {
  readonly #kind: Operation;
  readonly #failing: number;
  #count = 0;

  constructor(kind: Operation, failing: number) {
    this.#kind = kind;
    this.#failing = failing;
  }

  /** Whether the failing operation has come. */
  get hasFailed(): boolean {
    return this.#count >= this.#failing;
  }

  /** Begins an operation; throws if it is the one that fails. */
  begin(kind: Operation): void {
    if (kind !== this.#kind || ++this.#count !== this.#failing) return;
    if (kind === "store") throw new Error("Cannot use the store: the operation was to fail");
    throw new ConnectionError(`Cannot ${kind}: the operation was to fail`);
  }
}

/** A client and its servers, in which one operation fails. */
class SignIn {
  readonly time = new VirtualTime();
  readonly clock = new ProcessClock(this.time);
  readonly client: Client;
  readonly operations: Operations;
  readonly open = new Set<ByteStream>();
  readonly #telegram: OfflineTelegram;

  constructor(kind: Operation, failing: number) {
    this.operations = new Operations(kind, failing);
    const random = sameRandom();
    this.#telegram = new OfflineTelegram({
      dcs: [2, 4],
      accounts: [{ phone: PHONE, code: CODE, password: PASSWORD, dcId: 4 }],
      random: random.server,
      clock: this.clock,
    });
    const { apiId, apiHash, clientOptions } = this.#telegram;
    const session = new StoreSession("me", this.#store());
    this.client = new Client(session, apiId, apiHash, {
      ...clientOptions,
      dial: this.#dial,
      clock: this.clock,
      random: random.client,
    });
  }

  /** Runs something to its end. Returns its error, if it has one. */
  async run(task: Promise<unknown>): Promise<Error | undefined> {
    let isOver = false;
    let failure: Error | undefined;
    task.catch((error) => failure = error).finally(() => isOver = true);
    await this.time.runUntil(this.time.now + LIMIT, () => isOver);
    assert(isOver, "it does not end");
    return failure;
  }

  readonly #dial: Dial = async (address, signal) => {
    this.operations.begin("dial");
    const stream = await this.#telegram.dial(address, signal);
    const isFailed = (kind: Operation): void => {
      try {
        this.operations.begin(kind);
      } catch (error) {
        stream.close();
        throw error;
      }
    };
    const watched: ByteStream = {
      read: async () => {
        isFailed("read");
        return await stream.read();
      },
      write: async (bytes) => {
        isFailed("write");
        await stream.write(bytes);
      },
      close: () => {
        this.open.delete(watched);
        stream.close();
      },
    };
    this.open.add(watched);
    return watched;
  };

  #store(): KeyValueStore {
    const texts = new Map<string, string>();
    const operate = async <T>(run: () => T): Promise<T> => {
      this.operations.begin("store");
      return await Promise.resolve(run());
    };
    return {
      get: (key) => operate(() => texts.get(key)),
      set: (key, value) => operate(() => void texts.set(key, value)),
      delete: (key) => operate(() => void texts.delete(key)),
    };
  }
}

function isKnown(error: Error): boolean {
  return error instanceof ConnectionError || error instanceof SessionError ||
    error instanceof SignInError || /^Cannot use the store/.test(error.message);
}

async function signInWithout(
  answers: Parameters<Client["start"]>[0],
  kind: Operation,
  failing: number,
): Promise<boolean> {
  const signIn = new SignIn(kind, failing);
  const { client, clock, open, operations } = signIn;
  const where = `with the failure of ${kind} ${failing}`;
  const error = await signIn.run(client.start(answers));
  assert(error === undefined || isKnown(error), `${where} it throws ${error}`);
  const again = await signIn.run(client.start(answers));
  assertEquals(again, undefined, `${where} it cannot be repeated`);
  await signIn.run(client.disconnect());
  assertEquals(clock.sleepers, 0, `${where} somebody sleeps after disconnect()`);
  assertEquals(open.size, 0, `${where} a stream is open after disconnect()`);
  return operations.hasFailed;
}

for (const [who, answers] of Object.entries(FLOWS)) {
  for (const kind of ["dial", "read", "write", "store"] as const) {
    Deno.test(`The sign-in of ${who} survives the failure of every n-th ${kind}`, async () => {
      for (let n = 1; await signInWithout(answers, kind, n); n++);
    });
  }
}
