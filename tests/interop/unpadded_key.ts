/**
 * GramJS, teleproto, mtcute and @mtproto/core do not pad an auth key that begins with a zero byte
 * to 256 bytes, and so refuse one key exchange in 256, with us as with Telegram. The other side
 * cannot help it; another exchange does. GramJS then says nothing and waits until it is killed.
 * What is wrong with us is wrong every time, and so fails all attempts.
 */

const REFUSAL =
  /invalid (new )?nonce hash|Invalid hash in mt_dh_gen_ok|GramJS ended: $|ended with 137|timed out/;
const ATTEMPTS = 3;

/** Runs a test, and again from its beginning if another library refused such a key. */
export async function despiteUnpaddedKeys(test: () => Promise<void>): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await test();
    } catch (error) {
      if (attempt === ATTEMPTS || !REFUSAL.test(String(error))) throw error;
    }
  }
}
