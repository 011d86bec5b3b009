/**
 * The addresses of Telegram's data centers, and the RSA keys by which they prove themselves.
 * https://core.telegram.org/api/datacenter, and "Public keys" in "API development tools" of
 * https://my.telegram.org
 */
import { hexToBytes, type RsaPublicKey, rsaPublicKey } from "../crypto/mod.ts";

/** The address of a data center. */
export interface DataCenter {
  /** Its number, 1 to 5 in production. */
  readonly id: number;
  /** An IP address or a name. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** Whether it is one of Telegram's test servers. */
  readonly testMode?: boolean;
}

/** The data center with which a new session begins. */
export const FIRST_DC_ID = 2;

/** The production data centers, IPv4. `help.getConfig` tells of changes. */
export const PRODUCTION_DCS: readonly DataCenter[] = [
  { id: 1, host: "149.154.175.53", port: 443 },
  { id: 2, host: "149.154.167.51", port: 443 },
  { id: 3, host: "149.154.175.100", port: 443 },
  { id: 4, host: "149.154.167.91", port: 443 },
  { id: 5, host: "91.108.56.130", port: 443 },
];

/** The test data centers, IPv4: their accounts have nothing to do with production. */
export const TEST_DCS: readonly DataCenter[] = [
  { id: 1, host: "149.154.175.10", port: 443, testMode: true },
  { id: 2, host: "149.154.167.40", port: 443, testMode: true },
  { id: 3, host: "149.154.175.117", port: 443, testMode: true },
];

const EXPONENT = Uint8Array.of(1, 0, 1); // 65537

/** The modulus whose key has the fingerprint d09d1d85de64fd85. */
const PRODUCTION_MODULUS =
  "e8bb3305c0b52c6cf2afdf7637313489e63e05268e5badb601af417786472e5f93b85438968e20e6729a301c" +
  "0afc121bf7151f834436f7fda680847a66bf64accec78ee21c0b316f0edafe2f41908da7bd1f4a5107638eeb" +
  "67040ace472a14f90d9f7c2b7def99688ba3073adb5750bb02964902a359fe745d8170e36876d4fd8a5d41b2" +
  "a76cbff9a13267eb9580b2d06d10357448d20d9da2191cb5d8c93982961cdfdeda629e37f1fb09a072202769" +
  "6032fe61ed663db7a37f6f263d370f69db53a0dc0a1748bdaaff6209d5645485e6e001d1953255757e4b8e42" +
  "813347b11da6ab500fd0ace7e6dfa3736199ccaf9397ed0745a427dcfa6cd67bcb1acff3";

/** The modulus whose key has the fingerprint b25898df208d2603. */
const TEST_MODULUS =
  "c8c11d635691fac091dd9489aedced2932aa8a0bcefef05fa800892d9b52ed03200865c9e97211cb2ee6c7ae" +
  "96d3fb0e15aeffd66019b44a08a240cfdd2868a85e1f54d6fa5deaa041f6941ddf302690d61dc476385c2fa6" +
  "55142353cb4e4b59f6e5b6584db76fe8b1370263246c010c93d011014113ebdf987d093f9d37c2be48352d69" +
  "a1683f8f6e6c2167983c761e3ab169fde5daaa12123fa1beab621e4da5935e9c198f82f35eae583a99386d81" +
  "10ea6bd1abb0f568759f62694419ea5f69847c43462abef858b4cb5edc84e7b9226cd7bd7e183aa974a712c0" +
  "79dde85b9dc063b8a5c08e8f859c0ee5dcd824c7807f20153361a7f63cfd2a433a1be7f5";

let production: RsaPublicKey[] | undefined;
let test: RsaPublicKey[] | undefined;

/**
 * The RSA keys of production, or of the test servers. Older keys are refused: they are not in the
 * list.
 */
export function telegramKeys({ testMode = false } = {}): readonly RsaPublicKey[] {
  return testMode
    ? test ??= [rsaPublicKey(hexToBytes(TEST_MODULUS), EXPONENT)]
    : production ??= [rsaPublicKey(hexToBytes(PRODUCTION_MODULUS), EXPONENT)];
}

/**
 * The production data centers by WebSocket: https://core.telegram.org/mtproto/transports#websocket
 */
export const WEB_SOCKET_DCS: readonly DataCenter[] = ["pluto", "venus", "aurora", "vesta", "flora"]
  .map((name, index) => ({ id: index + 1, host: `${name}.web.telegram.org`, port: 443 }));
