/**
 * The addresses of Telegram's data centers, and the RSA keys by which they prove themselves.
 * https://core.telegram.org/api/datacenter, and "Public keys" in "API development tools" of
 * https://my.telegram.org
 */
import { hexToBytes, type RsaPublicKey, rsaPublicKey } from "../crypto/mod.ts";

/** An address of a data center. Several of them may have the same id. */
export interface DataCenter {
  /** Its number, 1 to 5 in production. */
  readonly id: number;
  /** An IP address (IPv6 without brackets) or a name. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** Whether the address is for files only; false by default. */
  readonly mediaOnly?: boolean;
  /** Whether it is one of Telegram's test servers. */
  readonly testMode?: boolean;
  /** For WebSocket and HTTP: whether to use TLS; true by default. */
  readonly tls?: boolean;
}

/** The data center with which a new session begins. */
export const FIRST_DC_ID = 2;

const HTTPS_PORT = 443;
/** Ports that networks without port 443 may let through. */
const OTHER_PORTS = [80, 5222];

/** The IP addresses of one data center, IPv4 first. */
type IpAddresses = readonly [id: number, ipv4: string, ...others: string[]];

/** Port 443 of every IP address, then the other ports of the first one. */
function addressesOf([id, ipv4, ...others]: IpAddresses, testMode: boolean): DataCenter[] {
  const at = (host: string, port: number): DataCenter => ({
    id,
    host,
    port,
    ...(testMode && { testMode }),
  });
  return [
    ...[ipv4, ...others].map((host) => at(host, HTTPS_PORT)),
    ...OTHER_PORTS.map((port) => at(ipv4, port)),
  ];
}

/**
 * The production data centers, each with several addresses, the usual one first. `help.getConfig`
 * tells of changes.
 */
export const PRODUCTION_DCS: readonly DataCenter[] = ([
  [1, "149.154.175.53", "2001:b28:f23d:f001::a", "149.154.175.50"],
  [2, "149.154.167.51", "2001:67c:4e8:f002::a", "95.161.76.100"],
  [3, "149.154.175.100", "2001:b28:f23d:f003::a"],
  [4, "149.154.167.91", "2001:67c:4e8:f004::a"],
  [5, "91.108.56.130", "2001:b28:f23f:f005::a", "149.154.171.5"],
] as const).flatMap((dc) => addressesOf(dc, false));

/** The test data centers: their accounts have nothing to do with production. */
export const TEST_DCS: readonly DataCenter[] = ([
  [1, "149.154.175.10", "2001:b28:f23d:f001::e"],
  [2, "149.154.167.40", "2001:67c:4e8:f002::e"],
  [3, "149.154.175.117", "2001:b28:f23d:f003::e"],
] as const).flatMap((dc) => addressesOf(dc, true));

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

/** The names of the data centers 1 to 5. */
const NAMES = ["pluto", "venus", "aurora", "vesta", "flora"];

/** Hosts with these names; one with `-1` is for files. Telegram's web clients use them. */
function namesOf(kinds: readonly ((name: string, id: number) => string)[]): DataCenter[] {
  return NAMES.flatMap((name, index) => {
    const id = index + 1;
    const at = (host: string): DataCenter => ({
      id,
      host: `${host}.web.telegram.org`,
      port: HTTPS_PORT,
    });
    return kinds.flatMap((kind) => [
      at(kind(name, id)),
      { ...at(`${kind(name, id)}-1`), mediaOnly: true },
    ]);
  });
}

/**
 * The production data centers by WebSocket, each with three names, and three for files:
 * https://core.telegram.org/mtproto/transports#uri-format
 */
export const WEB_SOCKET_DCS: readonly DataCenter[] = namesOf([
  (name) => name,
  (_, id) => `kws${id}`,
  (_, id) => `zws${id}`,
]);

/**
 * The data centers by HTTP: each by its name, and without TLS by its IP address. The test servers
 * are at the same names, by another path.
 */
export function httpDcs(testMode: boolean): readonly DataCenter[] {
  const plain = (testMode ? TEST_DCS : PRODUCTION_DCS).filter(({ port }) => port === 80);
  return [...namesOf([(name) => name]), ...plain.map((dc) => ({ ...dc, tls: false }))];
}
