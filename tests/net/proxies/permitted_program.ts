/**
 * A sign-in and a call at another data center, in a process that may connect to the proxy alone.
 * Argument: the options of the client, as JSON. Prints what was done, and whether Deno lets this
 * process connect to anything else.
 */
import { Client, StringSession } from "../../../mod.ts";
import { parseRsaPublicKey } from "../../../src/crypto/entry.ts";

const { apiId, apiHash, publicKeyPem, dcs, proxy } = JSON.parse(Deno.args[0]);
const [{ host: hostname, port }] = dcs;
const direct = await Deno.connect({ hostname, port }).then(() => "reached", ({ name }) => name);
await using client = new Client(new StringSession(), apiId, apiHash, {
  keys: [parseRsaPublicKey(publicKeyPem)],
  dcs,
  proxy,
});
await client.start({ phoneNumber: "+9996644444", phoneCode: "22222" });
const { dcId } = client.session.state;
const { thisDc } = await client.invoke({ _: "help.getConfig" }, { dcId: 2 });
// deno-lint-ignore no-console
console.log(JSON.stringify({ direct, signedInAt: dcId, calledAt: thisDc }));
