/**
 * Makes files cheap: in `deno task test`, long packets are not encrypted with AES-IGE. Their
 * msg_key is computed and checked as ever, so that a packet for another key, of another direction
 * or with a changed bit is refused. Import it where the client and the server of a test are both
 * ours, in one process. The tests of the kernels and of other libraries never import it, nor does
 * tests/files/large.test.ts.
 */
import { chooseNative } from "../../src/crypto/native.ts";
import { kernels } from "../../src/crypto/wasm.ts";
import { runs } from "./long.ts";

/** Shorter packets and chunks are encrypted. */
const LONG = runs(8192, Infinity);
const HASHED_NATIVELY = 1536;
const MSG_KEY_LENGTH = 16;
/** The part of the auth key that is hashed before the plaintext. */
const HASHED_KEY = { offset: 88, length: 32 };

if (LONG < Infinity) {
  chooseNative({ hash: HASHED_NATIVELY, ige: Infinity }); // the kernels do all of AES-IGE
  const running = kernels();
  const { bytes, DATA, KEY, MSG_KEY } = running;

  // Packets longer than a chunk.
  for (const name of ["igeEncryptChunk", "igeDecryptChunk"] as const) {
    const kernel = running[name];
    running[name] = (address, length) => {
      if (length < LONG) kernel(address, length);
    };
  }

  // Packets that are hashed natively.
  const { messageEncryptHashed, messageDecryptUnchecked } = running;
  running.messageEncryptHashed = (length, x) => {
    if (length < LONG) return messageEncryptHashed(length, x);
    running.messageEncryptKeys(x);
    bytes.copyWithin(DATA - MSG_KEY_LENGTH, MSG_KEY, MSG_KEY + MSG_KEY_LENGTH);
    running.messageEnd();
  };
  running.messageDecryptUnchecked = (length, x) => {
    if (length < LONG) return messageDecryptUnchecked(length, x);
    bytes.copyWithin(MSG_KEY, DATA - MSG_KEY_LENGTH, DATA);
    const from = KEY + HASHED_KEY.offset + x;
    bytes.copyWithin(DATA - HASHED_KEY.length, from, from + HASHED_KEY.length);
  };
}
