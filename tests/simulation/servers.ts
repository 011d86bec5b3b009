/**
 * The servers of a world: an offline Telegram with two data centers, two accounts and a clock of
 * its own. Ada is signed in with every key of her programs; Bob writes to her.
 */
import { bytesToHex } from "../../src/crypto/mod.ts";
import { constructorId, type Message, unpackContainer, unpackGzip } from "../../src/mtproto/mod.ts";
import { MSG_CONTAINER } from "../../src/mtproto/container.ts";
import type { ByteStream } from "../../src/net/mod.ts";
import {
  type Caller,
  type ObservedMessage,
  OfflineTelegram,
  RpcFailure,
} from "../../src/testing/mod.ts";
import { API_LAYER, mtprotoSchema, type TlObject } from "../../src/tl/mod.ts";
import type { Fault } from "./faults.ts";
import type { History } from "./history.ts";
import { DCS, type Params } from "./params.ts";
import { addressesOf } from "./network.ts";
import { COMMON, Others } from "./others.ts";
import type { RandomStream } from "./random_stream.ts";
import { ProcessClock, type VirtualTime } from "./virtual_time.ts";

const ADA = "+9996621111";
const BOB = "+9996622222";

const BIND = 0xcdd42a05;
const GET_NEAREST_DC = 0x1fb33026;
/** How long an answer waits of which the server forgets the session, in milliseconds. */
const FORGETTING = 1001;
/** An error of differences that comes so many times more. */
interface DifferenceError {
  readonly of: "account" | "channels";
  readonly failure: RpcFailure;
  left: number;
}

/** More messages than the programs put into a container. */
const MOST_PARTS = 100;

/** The parts of the servers. */
export interface ServersOptions {
  readonly time: VirtualTime;
  readonly random: RandomStream;
  readonly history: History;
  readonly params: Params;
}

/** The servers of a world. */
export class Servers {
  readonly telegram: OfflineTelegram;
  readonly clock: ProcessClock;
  readonly #options: ServersOptions;
  readonly #bob: Caller;
  /** Those who write to the programs that take updates. */
  readonly others: Others | undefined;
  readonly #rpcErrors: RpcFailure[] = [];
  readonly #differenceErrors: DifferenceError[] = [];
  readonly #signedIn = new Set<string>();
  /** The temporary keys that were used, bound. */
  readonly #bound = new Set<string>();
  /** How many bindings are to lose their answers, by data center. */
  readonly #losses = new Map<number, number>();
  #ahead: number;
  #turns = 0;
  #lastDirection = "";

  constructor(options: ServersOptions) {
    const { time, random, history, params } = options;
    this.#options = options;
    this.#ahead = params.serverAhead;
    this.clock = new ProcessClock(time, this.#ahead);
    this.telegram = new OfflineTelegram({
      dcs: DCS,
      accounts: [
        { phone: ADA, username: "ada_lovelace", firstName: "Ada" },
        { phone: BOB, username: "bob_99", firstName: "Bob" },
      ],
      bots: [],
      ...(params.learning?.by === "help.getConfig" && {
        addresses: Object.fromEntries(DCS.map((id) => [id, addressesOf(id)])),
      }),
      ...(params.updates && {
        limits: {
          slice: params.updates.slice,
          tooLongAfter: params.updates.tooLongAfter ?? Infinity,
        },
      }),
      clock: this.clock,
      random: random.bytes,
      onMessage: (message) => this.#see(message),
      onPacket: ({ dcId, direction }) => {
        if (dcId !== DCS[0]) return;
        if (direction !== this.#lastDirection) this.#turns++;
        this.#lastDirection = direction;
      },
      onTrouble: (trouble) => {
        const { kind } = trouble;
        history.count(`fault: ${kind}`);
        if (kind === "loseSession") history.forgotten.push(time.now);
        if (trouble.kind === "answerLate" && trouble.ms === FORGETTING) this.#forgetSoon();
        const last = history.sent.at(-1);
        if (kind !== "refuseMessage" || last === undefined) return;
        for (const sent of history.sent.slice(-MOST_PARTS)) {
          sent.isRefused ||= sent.at === last.at && sent.sessionId === last.sessionId;
        }
      },
    });
    this.#bob = { dcId: DCS[0], authKeyId: "b0b", sessionId: 1n, layer: API_LAYER };
    this.telegram.api.signIn(BOB, this.#bob);
    if (params.updates !== undefined) {
      this.others = new Others({ telegram: this.telegram, history, time, ada: ADA, bob: BOB });
    }
    this.#watchCalls();
  }

  /** The id of the account of the programs. */
  get adaId(): bigint {
    return this.telegram.api.userId(ADA) ?? 0n;
  }

  /** How often packets of the first data center changed their direction: twice in a round trip. */
  get turns(): number {
    return this.#turns;
  }

  /** Serves a connection. */
  readonly serve = (dcId: number, stream: ByteStream): void => {
    void this.telegram.dc(dcId).serve(stream);
  };

  /** Tells everyone the other addresses of the data centers. */
  tellAddresses(): void {
    for (const id of DCS) void this.telegram.moveDc(id, { addresses: addressesOf(id) });
  }

  /** Lets Bob write to Ada. */
  writeToAda(text: string): void {
    const { history, time } = this.#options;
    const ada = this.#askAsBob({
      _: "contacts.resolveUsername",
      flags: 0,
      username: "ada_lovelace",
    });
    const [user] = ada.users as { readonly id: bigint; readonly accessHash: bigint }[];
    history.incoming.push({ text, at: time.now });
    history.note(time.now, `incoming ${text.slice(0, 20)}`);
    this.#askAsBob({
      _: "messages.sendMessage",
      flags: 0,
      peer: { _: "inputPeerUser", userId: user.id, accessHash: user.accessHash },
      message: text,
      randomId: BigInt(history.incoming.length),
    });
  }

  /** Makes a fault of the servers. Returns false for the other kinds. */
  make(fault: Fault): boolean {
    const { history, time, params } = this.#options;
    const dc = this.telegram.dc(fault.where);
    switch (fault.kind) {
      case "refuseMessage":
      case "transportError":
      case "hangUp":
      case "hangUpBeforeAnswer":
      case "answerLate":
      case "answerTwice":
      case "answerWhenAsked":
      case "splitAnswers":
      case "mergeAnswers":
        dc.makeTrouble(fault);
        return true;
      case "dropUpdate":
      case "delayUpdate":
      case "reorderUpdate":
      case "duplicateUpdate":
      case "loseSession":
        if (params.updates?.isLossy) dc.makeTrouble(fault);
        return true;
      case "differenceError": {
        if (!params.updates?.isLossy) return true;
        const failure = new RpcFailure(fault.code, fault.message);
        this.#differenceErrors.push({ of: fault.of, failure, left: fault.times });
        return true;
      }
      case "refuseBinding":
        if (params.isSecret) dc.makeTrouble(fault);
        return true;
      case "loseBinding":
        if (params.isSecret) {
          this.#losses.set(fault.where, (this.#losses.get(fault.where) ?? 0) + 1);
        }
        return true;
      case "forgetTemporaryKeys":
        if (!params.isSecret) return true;
        history.forgotten.push(time.now);
        dc.forgetTemporaryKeys();
        break;
      case "unbindKeys":
        if (!params.isSecret) return true;
        history.forgotten.push(time.now);
        dc.unbindTemporaryKeys();
        break;
      case "rpcError":
        // Only an account that is signed in everywhere can be sent anywhere.
        if (fault.code === 303 && params.startsAt === DCS[0]) return true;
        this.#rpcErrors.push(new RpcFailure(fault.code, fault.message));
        return true;
      case "serverClock":
        this.#ahead += fault.more;
        this.clock.setAhead(this.#ahead);
        break;
      case "wrongSalt":
        dc.expireSalts();
        break;
      case "forgetSessions":
        history.forgotten.push(time.now);
        dc.forgetSessions();
        break;
      case "forgetAnswers":
        dc.makeTrouble({ kind: "answerLate", ms: FORGETTING });
        return true;
      case "restart":
        history.forgotten.push(time.now);
        dc.forgetSessions();
        dc.disconnectAll();
        break;
      case "forgetKeys":
        history.forgotten.push(time.now);
        dc.forgetKeys();
        break;
      default:
        return false;
    }
    history.count(`fault: ${fault.kind}`);
    return true;
  }

  /** Forgets the faults that had no occasion yet. */
  calm(): void {
    this.#rpcErrors.length = this.#differenceErrors.length = 0;
    this.#losses.clear();
    for (const id of DCS) this.telegram.dc(id).endTroubles();
  }

  /** Forgets the sessions while an answer waits. */
  #forgetSoon(): void {
    const { history, time } = this.#options;
    history.count("fault: forgetAnswers");
    time.after(FORGETTING / 2, () => {
      history.forgotten.push(time.now);
      for (const id of DCS) this.telegram.dc(id).forgetSessions();
    });
  }

  #askAsBob(request: TlObject): Record<string, unknown> {
    return this.telegram.api.handle(request, this.#bob) as Record<string, unknown>;
  }

  /** Signs Ada in with a key when it is first used, and notes what it sends. */
  #see({ dcId, authKeyId, sessionId, ...envelope }: ObservedMessage): void {
    const { history, time } = this.#options;
    const body = unpackGzip(envelope.body);
    const isContainer = constructorId(body) === MSG_CONTAINER;
    const parts = isContainer ? unpackContainer(body) : [{ ...envelope, body }];
    this.#seeKey(dcId, authKeyId, sessionId, parts);
    const at = time.now;
    if (isContainer) {
      const { msgId, seqNo } = envelope;
      history.sent.push({
        at,
        dcId,
        authKeyId,
        sessionId,
        msgId,
        seqNo,
        contents: ["container"],
        tail: bytesToHex(body.subarray(-12)),
        isRefused: false,
      });
    }
    for (const { msgId, seqNo, body } of parts) {
      const contents = [nameOf(body)];
      history.sent.push({
        at,
        dcId,
        authKeyId,
        sessionId,
        msgId,
        seqNo,
        contents,
        tail: bytesToHex(body.subarray(-12)),
        isRefused: false,
      });
      history.count(`sent: ${contents[0]}`);
    }
  }

  /** Signs Ada in with a permanent key, also one behind a temporary key, when it is first used. */
  #seeKey(dcId: number, authKeyId: string, sessionId: bigint, parts: readonly Message[]): void {
    const { history, time, params } = this.#options;
    const dc = this.telegram.dc(dcId);
    const permanentId = dc.permanentKeyOf(authKeyId);
    if (permanentId === undefined) {
      const losses = this.#losses.get(dcId) ?? 0;
      if (losses === 0 || !parts.some(({ body }) => constructorId(body) === BIND)) return;
      this.#losses.set(dcId, losses - 1);
      history.count("fault: loseBinding");
      dc.makeTrouble({ kind: "hangUpBeforeAnswer" });
      return;
    }
    if (permanentId === authKeyId && params.isSecret) {
      const isCheck = parts.every(({ body }) => {
        const id = constructorId(body);
        return id === GET_NEAREST_DC || mtprotoSchema().nameOf(id ?? 0) !== undefined;
      });
      if (!isCheck) history.broken.push("a call goes out under the permanent key");
      history.count("packets under a permanent key");
      return;
    }
    if (permanentId !== authKeyId && !this.#bound.has(authKeyId)) {
      this.#bound.add(authKeyId);
      history.count("temporary keys");
      history.forgotten.push(time.now); // a new session, which knows nothing of the calls before
    }
    const name = `${dcId}/${permanentId}`;
    if (!this.#signedIn.has(name) && (dcId === DCS[0] || params.startsAt === dcId)) {
      const caller = { dcId, authKeyId: permanentId, sessionId, layer: API_LAYER };
      this.telegram.api.signIn(ADA, caller);
    }
    this.#signedIn.add(name);
  }

  #watchCalls(): void {
    const { history, time } = this.#options;
    const { api } = this.telegram;
    const handle = api.handle.bind(api);
    api.handle = (request, caller) => {
      const isAda = caller.authKeyId !== this.#bob.authKeyId;
      if (!isAda) return handle(request, caller);
      const { sessionId } = caller;
      if (caller.dcId === DCS[0]) history.handled.push({ at: time.now, sessionId });
      if (request._.startsWith("updates.")) this.#failDifference(request._);
      // The client itself makes calls at other data centers, and follows none of their errors.
      else if (!request._.startsWith("auth.") && caller.dcId === DCS[0]) {
        const failure = this.#rpcErrors.shift();
        if (failure !== undefined) {
          history.count("fault: rpcError");
          throw failure;
        }
      }
      if (request._ === "messages.sendMessage" && caller.dcId === DCS[0]) {
        // Also a message that is refused because of its random_id was carried out again.
        const text = String(request.message);
        const generation = history.forgotten.length;
        history.executions.push({ text, at: time.now, generation });
        history.note(time.now, `executed ${text}`);
      }
      return this.#handleAsAda(() => handle(request, caller), request);
    };
  }

  #handleAsAda<T>(run: () => T, request: TlObject): T {
    const { others } = this;
    if (others === undefined) return run();
    const { history } = this.#options;
    others.isAdaAtWork = true;
    try {
      const answer = run();
      const { _: name } = Object(answer) as TlObject;
      if (request._.startsWith("updates.")) history.count(`answered: ${name}`);
      if (name?.endsWith("ifferenceTooLong")) history.tooLong.add(boxOf(request));
      return answer;
    } finally {
      others.isAdaAtWork = false;
    }
  }

  #failDifference(method: string): void {
    const { history } = this.#options;
    const of = method === "updates.getChannelDifference" ? "channels" : "account";
    const error = this.#differenceErrors.find((one) =>
      // Without a pts, none is invalid.
      one.of === of &&
      !(method === "updates.getState" && /TIMESTAMP/.test(one.failure.errorMessage))
    );
    if (error === undefined) return;
    if (--error.left === 0) {
      this.#differenceErrors.splice(this.#differenceErrors.indexOf(error), 1);
    }
    history.count("fault: differenceError");
    history.count(`difference error: ${of} ${error.failure.errorMessage}`);
    throw error.failure;
  }
}

/** Returns the box that a difference is about. */
function boxOf({ channel }: TlObject): string {
  return channel === undefined ? COMMON : `${(channel as TlObject).channelId}`;
}

function nameOf(body: Uint8Array): string {
  const id = constructorId(body);
  return id === undefined ? "nothing" : mtprotoSchema().nameOf(id) ?? "call";
}
