/**
 * TEST KEYS: three RSA-2048 key pairs of the offline Telegram, public on purpose. Anybody with this
 * file has the private halves. They protect nothing, and no client of the real Telegram trusts
 * them. Made with `openssl genrsa 2048`.
 * How a server uses such a key: https://core.telegram.org/mtproto/auth_key
 */
import { hexToBytes, type RsaPrivateKey, rsaPublicKey } from "../../crypto/mod.ts";

interface HexKey {
  readonly n: string;
  readonly e: string;
  readonly d: string;
}

const TEST_KEYS: readonly HexKey[] = [
  {
    n: "b861049d1319902a5ba7a81863f8340f8c540c76dd299162bb8303081d9767954a08fc1e5cbe2904e5f2373957028815" +
      "a9982efcb73dbf1f218bde14f8d5555e5268c78b928d0d4218cb6bdf8b8b9c82a1e779eb6c1468c8d645b92aebf6f5a7" +
      "aa0eb1bed229f0b719a71c866261cf3eb974dd3d8321c622a63f8c79852362f6fcea290b6d883a57a23fb124cd5767f5" +
      "2186aea108f29773a35aba297a3726efb7fd353986d3d65d4affd80970bf5e2e8ddb37a214fc8fc4978cfbe833cd1335" +
      "9ddeffa67932f4f7f8d3a6fc093424e6450361c3538fea1e98682430490825eb8d7a7ff21251874b34af962ca241b171" +
      "65d88d9273864346aa7ba4be464e7fdb",
    e: "010001",
    d: "298109595461d63e7ab85052013aef792a8506f340d0a91df908c24772e5d096ddfe0cc6c6e8b5721952ff54647e38e4" +
      "eb72caecef50b2738f091d9a49f337cece2d30f1fdb0cbb1bbc41ac9ccef45f170019bc3bf660eba5ae5820ba3e74920" +
      "0f5b546e987f8164ae1d1c8231a643d1224d28ba3e88fd41727beea2b232278600ac303888300846f6876d59b38cfa89" +
      "0b64e94b151d0ab257400ac70691c890c6fbf57fa5a8e84c1cd59e48eaff959fdf303a29200db4914762aa0eb7ef4b9c" +
      "c967969d39535e1c07b7feeec88f409d999ded889b49ddb065397cedb8b5258bf092c42dd7c284c666b9ce302a99df41" +
      "3f5640e51796c3170efc53c9d910df11",
  },
  {
    n: "9d6810a895db13f24b227056f0c1ab0bf9bf1374f83847b8b2ae2623684ef72bb6a27a5955b23ce70b33115227312994" +
      "7863efdc77169d1d01e7f749b020f6a090148746da2c6b22c7ccb996f11755248b630f78a20fd9e0a6b8ad4f1e7b391c" +
      "a4b797575bc904f8b9c4e73843ff93d82f3273b1a4b5e1f6c5f384859b2931143498c3a177a268e7f0c82dd8bdaa13f0" +
      "8218ad89372357faf2aa7651c638ed126160d6b4b68763ae049216c0e55205b98619349af5f121f00a744e435babf1c8" +
      "dcff2394ac8a8d6bb712909972c48082272addc6e26de515cac75bfc4338085caef51eeeff11fb28364a245d1589c090" +
      "ae29cb3f7ef5f735b3c96641115982d5",
    e: "010001",
    d: "1d0495039b42bcb9df678d29bdef1a1b1652c721ba6bd7af0143b114b8734c4643004f895e0ec282fe71cee8e400406f" +
      "d644e8306ec4dcb87f0436369fb167fe0029c4a987698663ae4d3bce8b8a17606a10dc468b2bdc68f99b5499e01eebcf" +
      "afbf07b7ab5c52de0e9331e411c711489aa4d4a6c45c6278959417d370a006a3aead12c4f79487b1d1b8a642625019a6" +
      "af25fcaffb510121602e3eeb17aefaf863f8c4f0df764b20234de3069d19a95f3905038be8042dafad2b41adc2086cff" +
      "dc80361d52c88947581a909f8f070a55675a155330967f084196a8fef15ab8a5849b66de6aecc804c5796c7748145544" +
      "383a1d42867db7cfa5788de4df460c51",
  },
];

/** The key of CDNs, which a client gets by help.getCdnConfig: https://core.telegram.org/cdn */
const CDN_KEY: HexKey = {
  n: "c4bd74f96ab683ca1b1571811d05c992de618186cef909275bb7fe33a506ec800d84340de159c020eb93ce80a659771f" +
    "b6afc5fe92be5a91282f1a043cc46b3752629c1842d25d559631ec0853cc8b5056fae94baa8057eb97e22e526c729141" +
    "55b491e9249391d39c7c8410b3bf17a520e4e0f9183c76682ba669d2cfa6aa8ef9cd4da0b336065649f2864f4510d6e8" +
    "69f0adfefe8054ad15b90b82c87fd640367c867604d1c014a909a9be98e4bdb013abe5e18b7ade0121a38fb78e1c2a39" +
    "061a4e5b04096443001ca2e201197ff1e4157d70526baa434c3684a547c05290964a3c0727b5321472a29aed7688255a" +
    "d92d1beced314b056c8600f7e16234cb",
  e: "010001",
  d: "11c06bd6e56e0fce234b78065d06b1fd7285fc6df181944b322cbe89b7bb9188ac5a3568308bd743767e210532a7f7e6" +
    "55fc3387ee2db1764f833b270eb9efad4f885e3fecd2410c569502906dc9e84d6e210da92a253d1ef62c0e5f4431c231" +
    "7c4e38018004b60510a59b8a4b9853c5d930a30156d27dcc95c3af8b64a3cbd7c4d0837ea9b048543582c70aa1417f9f" +
    "24fa6fe48e29a4a1ce2be78b3b8316a4a493dc77b69037f7696836c8d1c5e16f7805bafd64eaaddc9bb108459650debf" +
    "4d1f3b64a2d3ab365e7d1b78350fa598dd3c764c0786fa7cbf0b1581a558232869932330bf814e12cfc934ae53e905cd" +
    "c8be0ef5964f52569b1ebeb80b1d0ca1",
};

const parsed = new Map<number, RsaPrivateKey>();
let cdnKey: RsaPrivateKey | undefined;

/**
 * Returns the test key of a data center. There are two keys: neighbouring data centers have
 * different ones.
 */
export function testRsaKey(dcId: number): RsaPrivateKey {
  const index = dcId % TEST_KEYS.length;
  const known = parsed.get(index);
  if (known !== undefined) return known;
  const key = privateKey(TEST_KEYS[index]);
  parsed.set(index, key);
  return key;
}

/** Returns the test key of CDNs. */
export function testCdnKey(): RsaPrivateKey {
  return cdnKey ??= privateKey(CDN_KEY);
}

function privateKey({ n, e, d }: HexKey): RsaPrivateKey {
  return { ...rsaPublicKey(hexToBytes(n), hexToBytes(e)), d: hexToBytes(d) };
}

/** Returns all test keys. A client that trusts them can connect to any offline data center. */
export function testRsaKeys(): readonly RsaPrivateKey[] {
  return TEST_KEYS.map((_, index) => testRsaKey(index));
}
