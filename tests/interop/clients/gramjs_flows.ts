/**
 * The three sign-ins of GramJS, for the library itself and for teleproto, which grew out of it and
 * kept its surface. How they are pointed at a server: the port is fixed in their code, so the
 * socket class is replaced by one that connects to another; RSA keys are in an exported map.
 */
import type { Api as GramJsApi, TelegramClient } from "telegram/index.js";
import type { StringSession } from "telegram/sessions/index.js";
import type { Logger, PromisedNetSockets } from "telegram/extensions/index.js";
import type { Connection } from "telegram/network/index.js";
import { type Flow, greeting, modulusOf, type Outcome, personOf, type Target } from "./target.ts";

/** One of the two libraries: the parts that are needed, from wherever it keeps them. */
export interface GramJs {
  readonly name: string;
  readonly Client: typeof TelegramClient;
  readonly Session: typeof StringSession;
  readonly Socket: typeof PromisedNetSockets;
  readonly Log: typeof Logger;
  readonly noLog: unknown;
  readonly serverKeys: Map<string, { n: unknown; e: number }>;
  readonly bigInt: (decimal: string) => unknown;
  readonly layer: number;
  /** The class of a connection, and this project's name for its transport, by flow. */
  readonly connections: Readonly<Record<Flow, readonly [typeof Connection, string]>>;
}

/** Signs in, writes and reads a message, and starts again from the saved session. */
export async function signIn(library: GramJs, target: Target, flow: Flow): Promise<Outcome> {
  const { Session, connections: { [flow]: [, transport] }, layer } = library;
  const session = new Session("");
  const first = await openSignedIn(library, target, flow, session);
  const me = await first.getMe();
  const history = flow === "bot" ? undefined : await writeAndRead(first, greeting(library.name));
  const saved = session.save();
  await first.destroy();

  const second = open(library, target, flow, new Session(saved));
  await second.connect();
  const restored = await second.getMe();
  await second.destroy();
  return {
    flow,
    transport,
    layer,
    id: String(me.id),
    isBot: me.bot === true,
    history,
    restoredId: String(restored.id),
  };
}

/** Opens a client with a new session, and signs in. */
export async function openSignedIn(
  library: GramJs,
  target: Target,
  flow: Flow,
  session = new library.Session(""),
): Promise<TelegramClient> {
  const [dc] = target.dcs;
  const n = modulusOf(target).reduce((n, byte) => n * 256n + BigInt(byte), 0n);
  library.serverKeys.set(target.fingerprint, { n: library.bigInt(String(n)), e: 65537 });
  session.setDC(dc.id, dc.host, 80); // The port is not used, and one above 32767 cannot be saved.
  const client = open(library, target, flow, session);
  const credentials = { apiId: target.apiId, apiHash: target.apiHash };
  await client.connect();
  if (flow === "bot") {
    await client.signInBot(credentials, { botAuthToken: target.bots[0].token });
  } else {
    const { phone, code, password } = personOf(target, flow);
    await client.signInUser(credentials, {
      phoneNumber: phone,
      phoneCode: () => Promise.resolve(code),
      password: () => Promise.resolve(password),
      onError: (error: Error) => Promise.reject(error),
    });
  }
  return client;
}

function open(library: GramJs, target: Target, flow: Flow, session: StringSession): TelegramClient {
  const { Client, Socket, Log, noLog, connections: { [flow]: [connection] } } = library;
  const [{ host, port }] = target.dcs;
  return new Client(session, target.apiId, target.apiHash, {
    connection,
    networkSocket: class extends Socket {
      override connect(): Promise<this> {
        return super.connect(port, host) as Promise<this>;
      }
    },
    baseLogger: new Log(noLog as ConstructorParameters<typeof Logger>[0]),
    connectionRetries: 1,
  });
}

async function writeAndRead(client: TelegramClient, text: string): Promise<string[]> {
  await client.sendMessage("me", { message: text });
  const messages: GramJsApi.Message[] = await client.getMessages("me", { limit: 10 });
  return messages.map(({ message }) => message);
}
