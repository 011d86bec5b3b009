/**
 * A person who is signed in to an offline Telegram, whose calls for parts of files are seen, held
 * back and answered otherwise, in time by hand.
 */
import { Client, type ClientOptions, MemorySession } from "../../mod.ts";
import type { Caller } from "../../src/testing/mod.ts";
import { OfflineTelegram, type OfflineTelegramOptions } from "../../src/testing/mod.ts";
import type { TlObject } from "../../src/tl/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { bytesOf } from "./bytes.ts";

export const PHONE = "+9996621111";

/** A call for a part, or one that sends. */
export interface PartCall {
  readonly request: TlObject;
  readonly caller: Caller;
}

/** Answers in the place of the offline Telegram; `undefined` leaves the answer to it. */
export type Answerer = (call: PartCall, nth: number) => unknown;

/** A client, and its Telegram. */
export class FilesWorld implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly telegram: OfflineTelegram;
  readonly client: Client<MemorySession>;
  /** The calls of `upload.` and those that send, in their order. */
  readonly calls: PartCall[] = [];
  /** Called with each of these calls, and its number from 1 on among those of its method. */
  answer: Answerer = () => undefined;
  /** The parts that are under way now, and the most at any time. */
  underWay = 0;
  mostUnderWay = 0;
  /** How often the authorization was imported at another data center. */
  imports = 0;

  private constructor(options: OfflineTelegramOptions, clientOptions: ClientOptions) {
    const { clock } = this;
    this.telegram = new OfflineTelegram({ clock, gzip: false, ...options });
    const { api, apiId, apiHash } = this.telegram;
    const handle = api.handle.bind(api);
    const counts = new Map<string, number>();
    api.handle = (request, caller) => {
      if (request._ === "auth.importAuthorization") this.imports++;
      if (!/^upload\.|^messages\.(send|upload)M/.test(request._)) return handle(request, caller);
      const nth = (counts.get(request._) ?? 0) + 1;
      counts.set(request._, nth);
      const call = { request, caller };
      this.calls.push(call);
      const answer = this.answer(call, nth);
      if (!(answer instanceof Promise)) return answer ?? handle(request, caller);
      this.underWay++;
      this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
      return answer.finally(() => this.underWay--).then((late) => late ?? handle(request, caller));
    };
    const session = new MemorySession();
    const all = { ...this.telegram.clientOptions, clock, ...clientOptions };
    this.client = new Client(session, apiId, apiHash, all);
  }

  static async open(
    options: OfflineTelegramOptions = {},
    clientOptions: ClientOptions = {},
  ): Promise<FilesWorld> {
    const world = new FilesWorld(options, clientOptions);
    const signingIn = world.client.start({ phoneNumber: PHONE, phoneCode: "22222" });
    await (options.line === undefined ? signingIn : world.run(signingIn));
    return world;
  }

  /** The requests of a method, in their order. */
  requests(method: string): TlObject[] {
    return this.calls.map(({ request }) => request).filter(({ _ }) => _ === method);
  }

  /** Lets time pass until the work is done, by steps of so many milliseconds. */
  async run<T>(work: Promise<T>, step = 50): Promise<T> {
    let isDone = false;
    work.then(() => isDone = true, () => isDone = true);
    for (let turns = 0; !isDone && turns < 2000; turns++) await this.clock.advance(step);
    return await work;
  }

  /** Sends a file to oneself, and reads it back. */
  async there(bytes: Uint8Array): Promise<Uint8Array> {
    const message = await this.run(this.client.sendFile("me", bytes));
    return await this.run(bytesOf(this.client.download(message)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.disconnect();
    await this.telegram.close();
  }
}
