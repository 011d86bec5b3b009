/** An offline Telegram with many bots that are signed in, each with a key of its own. */
import type { MemorySession } from "../../src/session/mod.ts";
import { OfflineTelegram, type OfflineTelegramOptions } from "../../src/testing/mod.ts";

const LAYER = 227;
const DC = 2;
/** The id of the first bot. */
const FIRST_ID = 1000;

/** A bot that is signed in. */
export interface SignedInBot {
  readonly id: bigint;
  /** The id of its key, hex. */
  readonly authKeyId: string;
  /** Writes its state into a session. */
  fill(session: MemorySession): void;
}

/** Starts an offline Telegram on loopback, with bots that no key exchange and no sign-in needs. */
export async function startWithBots(
  count: number,
  options: OfflineTelegramOptions = {},
): Promise<{ telegram: OfflineTelegram; bots: SignedInBot[] }> {
  const ids = Array.from({ length: count }, (_, index) => FIRST_ID + index);
  const bots = ids.map((id) => ({ token: `${id}:TESTTOKEN` }));
  const telegram = await OfflineTelegram.start({ ...options, bots });
  return { telegram, bots: ids.map((id) => signIn(telegram, BigInt(id))) };
}

function signIn(telegram: OfflineTelegram, id: bigint): SignedInBot {
  const key = crypto.getRandomValues(new Uint8Array(256));
  const [serverSalt] = crypto.getRandomValues(new BigInt64Array(1));
  const authKeyId = telegram.dc(DC).addAuthKey(key, { serverSalt, layer: LAYER });
  telegram.api.signIn(id, { dcId: DC, authKeyId, sessionId: 0n, layer: LAYER });
  const [{ host, port }] = telegram.dcs;
  const fill = (session: MemorySession): void => {
    session.setDC(DC, host, port);
    session.setAuthKey(key);
    session.state.user = { id, isBot: true, username: `test_${id}_bot`, dcId: DC };
  };
  return { id, authKeyId, fill };
}
