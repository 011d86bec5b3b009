/**
 * Tests the failures of each sign-in step: a line that is cut or lost, an aborted signal, and each
 * refusal that Telegram lists. The tests of codes and passwords cut their lines themselves.
 */

import { ConnectionError, RpcError, SignInError } from "../../mod.ts";
import { toSignInError } from "../../src/auth/errors.ts";
import { assert, assertEquals, assertInstanceOf, assertRejects } from "../helpers/assert.ts";
import { CODE_STEPS, OTHER_STEPS, stageOf } from "./steps.ts";
import { runs } from "../helpers/long.ts";

const { methods: REFUSALS } = JSON.parse(
  await Deno.readTextFile(new URL("../vectors/sign_in_errors.json", import.meta.url)),
) as { methods: Record<string, string[]> };

for (const [method, step] of Object.entries(OTHER_STEPS)) {
  Deno.test(`${method} survives a cut line, and fails when the line is lost`, async () => {
    await using stage = await stageOf(step);
    const run = await step.prepare(stage);
    stage.calls.length = 0;
    stage.cutAfter(method);
    await run();
    const times = stage.calls.filter((call) => call === method).length;
    assert(step.repeats ? times > 1 : times === 1, `it was carried out ${times} times`);
    await using lost = await stageOf(step);
    const runLost = await step.prepare(lost);
    lost.loseAfter(method);
    await assertRejects(() => runLost(), ConnectionError);
  });
}

for (const [method, step] of Object.entries({ ...OTHER_STEPS, ...CODE_STEPS })) {
  Deno.test(`${method} ends when its signal is aborted; the client stays usable`, async () => {
    await using stage = await stageOf(step);
    const run = await step.prepare(stage);
    const controller = new AbortController();
    const { api } = stage.telegram;
    const handle = api.handle;
    api.handle = (request, caller) => {
      if (request._ === method) controller.abort(new Error("enough"));
      return handle(request, caller);
    };
    await assertRejects(() => run({ signal: controller.signal }), Error, "enough");
    api.handle = handle;
    assertEquals((await stage.client.invoke({ _: "help.getConfig" }))._, "config");
    const before = stage.calls.filter((call) => call === method).length;
    await assertRejects(() => run({ signal: AbortSignal.abort(new Error("enough")) }));
    assertEquals(stage.calls.filter((call) => call === method).length, before);
  });
}

/** What is no refusal, or none yet, with what comes of it. */
const OUTCOMES: Readonly<Record<string, string>> = {
  "auth.sendCode AUTH_RESTART": "asks once more",
  "auth.sendCode AUTH_RESTART_500": "asks once more",
  "auth.exportLoginToken AUTH_RESTART": "asks once more",
  "auth.initPasskeyLogin AUTH_RESTART": "asks once more",
  "auth.checkPassword AUTH_KEY_UNSYNCHRONIZED": "asks once more",
  "auth.checkPassword SRP_ID_INVALID": "proves once more",
  "auth.checkPassword SRP_PASSWORD_CHANGED": "proves once more",
};

for (const [method, step] of Object.entries({ ...OTHER_STEPS, ...CODE_STEPS })) {
  Deno.test(`${method} tells its refusals apart, and returns the flood's duration`, async () => {
    const refusals = ["FLOOD_WAIT_300", ...REFUSALS[method] ?? []];
    for (const message of refusals.slice(0, runs(2, refusals.length))) {
      await using stage = await stageOf(step);
      const run = await step.prepare(stage);
      stage.telegram.api.failNext(method, { code: 400, message });
      if (`${method} ${message}` in OUTCOMES) {
        await run();
        continue;
      }
      const error = await assertRejects(() => run(), SignInError);
      const expected = toSignInError(new RpcError(400, message, method), "sign in");
      assertInstanceOf(expected, SignInError);
      assertEquals([error.reason, error.errorMessage], [expected.reason, message]);
      assertEquals(error.seconds, expected.seconds);
    }
  });
}
