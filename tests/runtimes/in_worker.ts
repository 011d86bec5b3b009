/**
 * The scenario in workerd, the runtime of Cloudflare: in a Worker, and in a Durable Object that
 * holds a client from one request to the next. Every request brings its setting as JSON.
 */
import type { Client } from "@tessera/mtproto";
import {
  askForCode,
  keepByName,
  newClient,
  resumeSignIn,
  scenario,
  sendWithSession,
  signInPerson,
} from "./scenario.ts";

interface DurableObjects {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch(request: Request): Promise<Response> };
}

/** Does what the path of the request says, and tells of failures in the response. */
async function respond(work: () => Promise<unknown>): Promise<Response> {
  try {
    return Response.json(await work());
  } catch (error) {
    return new Response(String((error as Error)?.stack), { status: 500 });
  }
}

/** Holds one client, connected and signed in, from one request to the next. */
export class Holder {
  #client: Client | undefined;

  fetch(request: Request): Promise<Response> {
    return respond(async () => {
      const setting = await request.json();
      const { pathname } = new URL(request.url);
      if (pathname === "/holder/open") {
        this.#client = newClient(setting);
        this.#client.on("message", (message) => message.reply(message.text));
        await this.#client.start({ botAuthToken: "777:TESTTOKEN" });
        return "signed in";
      }
      const client = this.#client;
      if (client === undefined || !client.connected) return "not connected any more";
      if (pathname === "/holder/close") {
        await client.disconnect();
        return "disconnected";
      }
      return (await client.getMe())?.username;
    });
  }
}

export default {
  fetch(request: Request, { HOLDER }: { HOLDER: DurableObjects }): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/holder/")) {
      return HOLDER.get(HOLDER.idFromName("one")).fetch(request);
    }
    return respond(async () => {
      const { session, token, ...setting } = await request.json();
      if (pathname === "/code") return await askForCode(setting);
      if (pathname === "/resume") return await resumeSignIn(setting, session, token);
      if (pathname === "/sign-in") return await signInPerson(setting);
      if (pathname === "/keep") {
        return await keepByName(setting, "bot").catch(({ message }) => message);
      }
      if (pathname === "/scenario") return await scenario(setting);
      const done: string[] = [];
      await sendWithSession(setting, session, done);
      return done;
    });
  },
};
