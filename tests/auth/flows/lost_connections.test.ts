/**
 * Cuts the line at each packet of every sign-in: the sign-in continues. If the program disconnects
 * there, the sign-in fails with a ConnectionError, and the client can connect again.
 */

import { Client, ConnectionError, MemorySession, type User } from "../../../mod.ts";
import type { PasswordToken } from "../../../src/auth/tokens/mod.ts";
import type { ByteStream } from "../../../src/net/mod.ts";
import { type Clock, type Random, systemClock } from "../../../src/runtime/mod.ts";
import { OfflineTelegram } from "../../../src/testing/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";
import { Authenticator } from "../../helpers/authenticator.ts";
import { runs } from "../../helpers/long.ts";
import { sameRandom } from "../../helpers/remembered_powers.ts";
import { seededRandom } from "../../helpers/seeded_random.ts";

const CODE = "22222";
const PASSWORD = "hunter2";
const PHONE = "+9996621111";
const FAR_PHONE = "+9996622222";
const PHONE_WITH_PASSWORD = "+9996623333";
const PHONE_WITH_EMAIL = "+9996624444";
const PHONE_WITHOUT_EMAIL = "+9996625555";
const NEWCOMER = "+9996626666";
const FAR_BOT = "778:FARTOKEN";
const EMAIL = "ada@example.com";

function offline(random: Random): OfflineTelegram {
  return new OfflineTelegram({
    random,
    dcs: [2, 4],
    bots: [{ token: FAR_BOT, dcId: 4 }],
    accounts: [
      { phone: PHONE, code: CODE },
      { phone: FAR_PHONE, code: CODE, dcId: 4 },
      { phone: PHONE_WITH_PASSWORD, code: CODE, password: PASSWORD, recoveryEmail: EMAIL },
      { phone: PHONE_WITH_EMAIL, loginEmail: EMAIL },
      { phone: PHONE_WITHOUT_EMAIL, needsLoginEmail: true },
    ],
  });
}

/**
 * Nobody waits for longer than it takes to go on, but timeouts, and the ten seconds after which a
 * connection looks at its clock, are left alone.
 */
const IMPATIENT: Clock = {
  ...systemClock,
  sleep(ms, signal) {
    const isShort = ms <= 15_000 && ms !== 10_000;
    return systemClock.sleep(isShort ? Math.min(ms, 3) : ms, signal);
  },
};

/**
 * A way of signing in. What it needs on the other side is done before, with a line that is not cut.
 */
type Flow = (
  telegram: OfflineTelegram,
) => Promise<(client: Client, signal: AbortSignal) => Promise<User>>;

async function passwordIfNeeded(client: Client, outcome: User | PasswordToken): Promise<User> {
  return outcome.kind === "user" ? outcome : await client.checkPassword(outcome, PASSWORD);
}

/** The other device in a flow: the one that approves it. */
function newClient({ apiId, apiHash, clientOptions }: OfflineTelegram): Client<MemorySession> {
  const options = { ...clientOptions, random: seededRandom(3) };
  return new Client(new MemorySession(), apiId, apiHash, options);
}

function byCode(phoneNumber: string): Flow {
  return (telegram) => {
    const answers = { phoneNumber, phoneCode: CODE, password: PASSWORD };
    const emailCode = () => telegram.api.lastEmailCode(EMAIL) ?? "";
    const isByEmail = [PHONE_WITH_EMAIL, PHONE_WITHOUT_EMAIL].includes(phoneNumber);
    const withEmail = { ...answers, phoneCode: emailCode, emailAddress: EMAIL, emailCode };
    return Promise.resolve((client, signal) =>
      client.start({ ...isByEmail ? withEmail : answers, signal })
    );
  };
}

function byQrCode(phoneNumber: string): Flow {
  return async (telegram) => {
    const phone = newClient(telegram);
    await phone.start({ phoneNumber, phoneCode: CODE, password: PASSWORD });
    return async (client) => {
      const login = client.qrLogin();
      login.result.catch(() => {}); // it is thrown by the loop as well
      for await (const { url } of login) await phone.acceptQr(url);
      await phone.disconnect();
      return await passwordIfNeeded(client, await login.result);
    };
  };
}

function byPasskey(phoneNumber: string): Flow {
  return async (telegram) => {
    const passkey = new Authenticator();
    await using phone = newClient(telegram);
    await phone.start({ phoneNumber, phoneCode: CODE, password: PASSWORD });
    await phone.passkeys.register(passkey.create);
    return async (client) =>
      await passwordIfNeeded(client, await client.passkeys.signIn(passkey.get));
  };
}

const FLOWS: Readonly<Record<string, Flow>> = {
  "a code": byCode(PHONE),
  "a code in another data center": byCode(FAR_PHONE),
  "a code by email": byCode(PHONE_WITH_EMAIL),
  "a login email that is set up": byCode(PHONE_WITHOUT_EMAIL),
  "a password": byCode(PHONE_WITH_PASSWORD),
  "a password that was forgotten": (telegram) =>
    Promise.resolve(async (client) => {
      const token = await client.signIn(await client.requestLoginCode(PHONE_WITH_PASSWORD), CODE);
      assert(token.kind === "password");
      await client.requestPasswordRecovery(token);
      const code = telegram.api.lastEmailCode(EMAIL) ?? "";
      await client.checkRecoveryCode(code);
      return await client.recoverPassword(token, code);
    }),
  "a sign-up": () =>
    Promise.resolve(async (client) => {
      const token = await client.signIn(await client.requestLoginCode(NEWCOMER), CODE);
      assert(token.kind === "signUp");
      return await client.signUp(token, { firstName: "Ada", acceptTerms: true });
    }),
  "a QR code": byQrCode(PHONE),
  "a QR code and a password": byQrCode(PHONE_WITH_PASSWORD),
  "a QR code in another data center": byQrCode(FAR_PHONE),
  "a bot's token in another data center": () =>
    Promise.resolve((client) => client.botSignIn(FAR_BOT)),
  "a web token in another data center": ({ api }) => {
    const token = api.webToken(FAR_PHONE);
    return Promise.resolve(async (client) =>
      await passwordIfNeeded(client, await client.webTokenSignIn(token))
    );
  },
  "a passkey": byPasskey(PHONE),
  "a passkey in another data center": byPasskey(FAR_PHONE),
};

/** A line on which something happens at one packet, counted from when it is armed. */
class Line {
  readonly #at: number;
  readonly #happens: (stream: ByteStream) => void;
  isArmed = false;
  packets = 0;

  constructor(at: number, happens: (stream: ByteStream) => void) {
    this.#at = at;
    this.#happens = happens;
  }

  through(stream: ByteStream): ByteStream {
    return {
      read: async () => {
        const chunk = await stream.read();
        return chunk && this.#passes(stream) ? chunk : undefined;
      },
      write: async (bytes) => {
        if (this.#passes(stream)) return await stream.write(bytes);
        throw new ConnectionError("Cannot write: the line is cut");
      },
      close: () => stream.close(),
    };
  }

  #passes(stream: ByteStream): boolean {
    if (this.isArmed && ++this.packets === this.#at) {
      this.#happens(stream);
      return false;
    }
    return true;
  }
}

/** What happens on a line. */
type Happening = (stream: ByteStream, client: Client, step: AbortController) => void;

interface Played {
  readonly outcome: User | Error;
  readonly client: Client<MemorySession>;
  readonly at: number;
}

/**
 * Plays a flow on a line on which something happens at that packet, and hands the client to
 * `after`. Gives how many there were.
 */
async function play(
  flow: Flow,
  at: number,
  happens: Happening,
  after: (played: Played) => Promise<void>,
): Promise<number> {
  const random = sameRandom();
  await using telegram = offline(random.server);
  const run = await flow(telegram);
  const step = new AbortController();
  const line: Line = new Line(at, (stream) => happens(stream, client, step));
  const { apiId, apiHash, clientOptions } = telegram;
  await using client = await Client.open(new MemorySession(), apiId, apiHash, {
    ...clientOptions,
    clock: IMPATIENT,
    random: random.client,
    timeout: 60,
    dial: async (address, signal) => line.through(await telegram.dial(address, signal)),
  });
  line.isArmed = true;
  const outcome = await run(client, step.signal).catch((error: Error) => error);
  line.isArmed = false;
  await after({ outcome, client, at });
  return line.packets;
}

/** As {@linkcode play}, for every fourth packet of the flow, and in full for each of them. */
async function playAtEachPacket(
  flow: Flow,
  happens: Happening,
  after: (played: Played) => Promise<void>,
): Promise<void> {
  const packets = await play(flow, Infinity, happens, async () => {});
  for (let at = 1; at <= packets; at += runs(7, 1)) await play(flow, at, happens, after);
}

for (const [name, flow] of Object.entries(FLOWS)) {
  Deno.test(`a sign-in by ${name} continues when the line is cut at any packet`, async () => {
    const cut = (stream: ByteStream) => stream.close();
    await playAtEachPacket(flow, cut, async ({ outcome, client, at }) => {
      if (outcome instanceof Error) throw new Error(`cut at packet ${at}`, { cause: outcome });
      assertEquals((await client.getMe())?.id, outcome.id);
      assertEquals(client.session.state.user?.id, outcome.id);
    });
  });
}

for (const [where, phoneNumber] of [["", PHONE], [" in another data center", FAR_PHONE]]) {
  Deno.test(`a sign-in by a code${where} survives disconnect() at any packet`, async () => {
    const leave = (_: ByteStream, client: Client) => void client.disconnect();
    await playAtEachPacket(byCode(phoneNumber), leave, async ({ outcome, client, at }) => {
      assert(outcome instanceof ConnectionError, `packet ${at}: ${outcome}`);
      await client.connect();
      const user = await client.start({ phoneNumber, phoneCode: CODE });
      assertEquals((await client.getMe())?.id, user.id);
    });
  });
  Deno.test(`a sign-in by a code${where} can be aborted at any packet and restarted`, async () => {
    const giveUp: Happening = (_stream, _client, step) => step.abort(new Error("given up"));
    await playAtEachPacket(byCode(phoneNumber), giveUp, async ({ outcome, client, at }) => {
      assert(outcome instanceof Error, `packet ${at}`);
      assertEquals(outcome.message, "given up");
      const user = await client.start({ phoneNumber, phoneCode: CODE });
      assertEquals((await client.getMe())?.id, user.id);
    });
  });
}
