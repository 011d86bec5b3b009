/**
 * The layers that the offline Telegram supports, compared with the ids of clients of those layers.
 */
import { type TlObject, TlReader } from "../../../src/tl/mod.ts";
import {
  anyLayerSchema,
  fitAnswer,
  layerSchema,
  NEWEST_LAYER,
  OLDEST_LAYER,
} from "../../../src/testing/layers/mod.ts";
import { assert, assertEquals } from "../../helpers/assert.ts";

const USER = { _: "user", self: true, id: 5_000_001n, accessHash: 1n, firstName: "A" };

const SELF = { _: "inputPeerSelf" };
const FILE = { _: "inputFileBig", id: 1n, parts: 21, name: "a.mp4" };
const VIDEO = { _: "documentAttributeVideo", duration: 2, w: 16, h: 9, supportsStreaming: true };
const MEDIA = {
  peer: SELF,
  media: {
    _: "inputMediaUploadedDocument",
    file: FILE,
    mimeType: "video/mp4",
    attributes: [VIDEO],
    nosoundVideo: true,
  },
  message: "m",
  randomId: 1n,
};

const USER_IDS: readonly (readonly [layer: number, id: number])[] = [
  [133, 0x3ff6ecb0],
  [144, 0x3ff6ecb0],
  [145, 0x5d99adee],
  [158, 0x8f97c628],
  [188, 0x83314fca],
  [190, 0x83314fca],
  [198, 0x4b46c37e],
  [214, 0x020b1422],
  [216, 0x020b1422],
  [217, 0x31774388],
  [223, 0x31774388],
  [224, 0x31774388],
  [225, 0x31774388],
  [226, 0x31774388],
  [227, 0x31774388],
  [228, 0xb1b8cc83],
  [229, 0xb1b8cc83],
];

function idOf(bytes: Uint8Array): number {
  return new TlReader(bytes).uint32();
}

for (const [layer, id] of USER_IDS) {
  Deno.test(`layerSchema(${layer}) encodes a user with the id of layer ${layer}`, () => {
    const schema = layerSchema(layer);
    const bytes = schema.encode(USER);
    assertEquals(idOf(bytes), id);
    assertEquals((schema.decode(bytes) as typeof USER).id, USER.id);
    assertEquals(schema.layer, layer);
  });
}

Deno.test("layerSchema() returns the nearest supported layer for older and newer clients", () => {
  assertEquals(layerSchema(1).layer, OLDEST_LAYER);
  assertEquals(layerSchema(999).layer, NEWEST_LAYER);
});

Deno.test("layerSchema() makes the schema of a layer once", () => {
  assert(layerSchema(150) === layerSchema(150));
});

Deno.test("anyLayerSchema() reads the requests of every layer", () => {
  const phone = { phoneNumber: "+1", phoneCodeHash: "h" };
  const requests = [
    { _: "auth.signIn", ...phone, phoneCode: "1" },
    { _: "auth.signUp", ...phone, firstName: "A", lastName: "" },
    { _: "auth.resendCode", ...phone },
    { _: "updates.getDifference", pts: 1, date: 1, qts: 0 },
    {
      _: "messages.sendMessage",
      peer: { _: "inputPeerSelf" },
      message: "m",
      randomId: 1n,
    },
    {
      _: "auth.sendCode",
      phoneNumber: "+1",
      apiId: 1,
      apiHash: "h",
      settings: { _: "codeSettings" },
    },
    { _: "help.getAppConfig", hash: 0 },
    { _: "contacts.resolveUsername", username: "abcde" },
    { _: "messages.sendMedia", ...MEDIA },
    { _: "messages.uploadMedia", peer: SELF, media: MEDIA.media },
    {
      _: "messages.sendMultiMedia",
      peer: SELF,
      multiMedia: [{ _: "inputSingleMedia", ...MEDIA, message: "a" }],
    },
  ];
  for (let layer = OLDEST_LAYER; layer <= NEWEST_LAYER; layer++) {
    for (const request of requests) {
      const bytes = layerSchema(layer).encode(request);
      const meant = layerSchema(layer).decode(bytes) as Record<string, unknown>;
      const read = anyLayerSchema().decode(bytes) as Record<string, unknown>;
      for (const [field, value] of Object.entries(meant)) {
        assertEquals(read[field], value, `${request._} ${field} of layer ${layer}`);
      }
      assertEquals(read._, request._);
    }
  }
});

Deno.test("anyLayerSchema() reads the buttons of a bot of layer 229", () => {
  const type = { _: "inlineButtonTypeCallback", data: Uint8Array.of(1) };
  const buttons = [{ _: "keyboardInlineButton", text: "Yes", type }];
  const rows = [{ _: "keyboardInlineButtonRow", buttons }];
  const replyMarkup = { _: "replyInlineMarkup", rows };
  const text = { message: "?", randomId: 1n, replyMarkup };
  const request = { _: "messages.sendMessage", peer: { _: "inputPeerSelf" }, ...text };
  const bytes = layerSchema(229).encode(request);
  assertEquals((anyLayerSchema().decode(bytes) as typeof request).replyMarkup.rows.length, 1);
});

Deno.test("fitAnswer() adds the fields that old clients require of a config", () => {
  const config = { _: "config", thisDc: 2 };
  assertEquals((fitAnswer(config, 144) as TlObject).savedGifsLimit, 200);
  assertEquals(fitAnswer(config, 154), config);
});

Deno.test("fitAnswer() turns help.appConfig into JSON up to layer 153", () => {
  const config = { _: "jsonObject", value: [] };
  const answer = { _: "help.appConfig", hash: 1, config };
  assertEquals(fitAnswer(answer, 153), config);
  assertEquals(fitAnswer(answer, 154), answer);
  assertEquals(layerSchema(153).resultType("help.getAppConfig"), "JSONValue");
});

Deno.test("fitAnswer() gives users.userFull and auth.loggedOut their forms of layer 133", () => {
  const user = { _: "user", id: 1n };
  const answer = { _: "users.userFull", fullUser: { _: "userFull" }, chats: [], users: [user] };
  assertEquals(fitAnswer(answer, 133), { _: "userFull", user });
  assertEquals(fitAnswer(answer, 134), answer);
  assertEquals(layerSchema(133).resultType("users.getFullUser"), "UserFull");
  assertEquals(fitAnswer({ _: "auth.loggedOut" }, 133), true);
  assertEquals(layerSchema(133).resultType("auth.logOut"), "Bool");
});

Deno.test("fitAnswer() leaves booleans and vectors alone", () => {
  assertEquals(fitAnswer(true, 144), true);
  assertEquals(fitAnswer([USER], 144), [USER]);
});
