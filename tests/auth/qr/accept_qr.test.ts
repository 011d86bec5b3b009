import { SignInError } from "../../../src/auth/mod.ts";
import { acceptQr } from "../../../src/auth/qr/mod.ts";
import type { Api } from "../../../src/tl/mod.ts";
import { assertEquals, assertRejects } from "../../helpers/assert.ts";
import { type Line, play, refusal } from "../../helpers/scripted_telegram.ts";

const TOKEN = Uint8Array.of(0xfb, 0xff, 1);
const DEVICE = { _: "authorization", hash: 5n } as Api.authorization;

function accept(answer: unknown): Line {
  return ["auth.acceptLoginToken", { token: TOKEN }, answer];
}

for (
  const text of [
    "tg://login?token=-_8B",
    " TG://login?x=1&token=-_8B&y=2#z \n",
    "tg:login?token=-_8B",
    "-_8B",
    "+/8B",
  ]
) {
  Deno.test(`acceptQr() takes ${JSON.stringify(text)}`, async () => {
    assertEquals((await play([accept(DEVICE)], (telegram) => acceptQr(telegram, text))).hash, 5n);
  });
}

Deno.test("acceptQr() takes the bytes of a token", async () => {
  assertEquals((await play([accept(DEVICE)], (telegram) => acceptQr(telegram, TOKEN))).hash, 5n);
});

for (
  const text of ["", "tg://login?token=", "https://example.org/secret", "tg://resolve?domain=a"]
) {
  Deno.test(`acceptQr() refuses "${text}" without a call, and does not quote it`, async () => {
    const error = await assertRejects(() => play([], (tg) => acceptQr(tg, text)), SignInError);
    assertEquals([error.reason, error.message.includes("secret")], ["qrInvalid", false]);
  });
}

for (
  const [code, name, reason] of [
    [400, "AUTH_TOKEN_ALREADY_ACCEPTED", "qrUsed"],
    [400, "AUTH_TOKEN_EXCEPTION", "qrRefused"],
    [400, "AUTH_TOKEN_EXPIRED", "qrExpired"],
    [400, "AUTH_TOKEN_INVALIDX", "qrInvalid"],
    [401, "AUTH_KEY_UNREGISTERED", "signedOut"],
  ] as const
) {
  Deno.test(`acceptQr() says ${reason} when Telegram answers ${name}`, async () => {
    const script = [accept(refusal(code, name))];
    const error = await assertRejects(() => play(script, (tg) => acceptQr(tg, TOKEN)), SignInError);
    assertEquals([error.reason, error.errorMessage], [reason, name]);
  });
}
