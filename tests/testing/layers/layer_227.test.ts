/**
 * The layer before ours, as a whole: mtcute's codec in layer 227 against our schema of that layer.
 * Other older layers are known in the objects that the offline Telegram uses.
 */
import { __tlReaderMap as readers, __tlWriterMap as writers } from "@mtcute/core/utils.js";
import api from "@mtcute/core/tl/api-schema.json" with { type: "json" };
import { anyLayerSchema, layerSchema } from "../../../src/testing/layers/mod.ts";
import { assertEquals } from "../../helpers/assert.ts";
import { runs } from "../../helpers/long.ts";
import { apiEntries } from "../../helpers/mtcute_schema.ts";
import { compare } from "../../tl/mtcute_comparison.ts";
import { RandomObjects } from "../../tl/random_object.ts";

const schema = layerSchema(api.l);
const entries = apiEntries(api);
const shared = entries.filter(({ name }) => schema.has(name));

Deno.test("layerSchema(227) lacks only what mtcute kept of older layers", () => {
  assertEquals(api.l, 227);
  assertEquals(entries.filter((entry) => !shared.includes(entry)).map(({ name }) => name), [
    "updateChannelPinnedTopic",
    "updateChannelPinnedTopics",
    "channels.editCreator",
    "channels.createForumTopic",
    "channels.getForumTopics",
    "channels.getForumTopicsByID",
    "channels.editForumTopic",
    "channels.updatePinnedForumTopic",
    "channels.deleteTopicHistory",
    "channels.reorderPinnedForumTopics",
  ]);
});

Deno.test("layerSchema(227) encodes and decodes what it has as mtcute does", () => {
  const some = shared.filter((_, index) => index % runs(4, 1) === 0);
  compare({ schema, readers, writers, random: new RandomObjects(227, shared) }, some);
});

Deno.test("anyLayerSchema() knows every id of layer 227 that layerSchema(227) has", () => {
  for (const { id, name } of shared) assertEquals(anyLayerSchema().nameOf(id >>> 0), name);
});
