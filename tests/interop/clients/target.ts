/**
 * What a child process that runs somebody else's client is told, and what it reports back. It
 * imports nothing of this project: the child has to find its way with what `serve --json` says.
 */
import { createPublicKey } from "node:crypto";
import { Buffer } from "node:buffer";
import process from "node:process";

/** The line that `serve --json` prints. */
export interface Target {
  readonly dcs: readonly { readonly id: number; readonly host: string; readonly port: number }[];
  /** The MTProxy to go through, if there is one. */
  readonly mtproxy?: {
    readonly host: string;
    readonly port: number;
    readonly secret: string;
    readonly link: string;
  };
  /** PKCS#1. */
  readonly publicKeyPem: string;
  /** Signed, in decimal. */
  readonly fingerprint: string;
  /** Unsigned, in hex. */
  readonly fingerprintHex: string;
  readonly apiId: number;
  readonly apiHash: string;
  readonly accounts: readonly {
    readonly phone: string;
    readonly code: string;
    readonly password?: string;
  }[];
  readonly bots: readonly { readonly token: string }[];
}

/** The three ways of signing in. */
export type Flow = "bot" | "code" | "password";

/** One sign-in, and all that came after it. */
export interface Outcome {
  readonly flow: Flow;
  /** The transport that the client was told to use, in this project's words. */
  readonly transport: string;
  /** The client's own API layer. */
  readonly layer: number;
  /** Who the client said it is after the sign-in. */
  readonly id: string;
  /** Whether it said that it is a bot. */
  readonly isBot: boolean;
  /** What it read back after it had sent this to itself; a bot cannot. */
  readonly history?: readonly string[];
  /** Who it said it is after a new client had started from what the first one saved. */
  readonly restoredId: string;
}

/** What a user sends to itself. */
export function greeting(client: string): string {
  return `Hello from ${client}! Ünïcödé 🌍`;
}

/** Who signs in in a flow. */
export interface Person {
  readonly phone: string;
  readonly code: string;
  readonly password: string;
}

/** The account of a flow with a phone. */
export function personOf(target: Target, flow: Flow): Person {
  const account = target.accounts.find(({ password }) => (flow === "password") === !!password);
  if (account === undefined) throw new Error(`Cannot find an account for the flow "${flow}"`);
  return { password: "", ...account };
}

/** The RSA modulus, big-endian. */
export function modulusOf({ publicKeyPem }: Target): Uint8Array {
  const { n } = createPublicKey(publicKeyPem).export({ format: "jwk" });
  return new Uint8Array(Buffer.from(String(n), "base64url"));
}

/**
 * Runs a client in all three flows, prints what came of them as one line, and ends the process: not
 * every client lets go.
 */
export async function runFlows(
  signIn: (target: Target, flow: Flow) => Promise<Outcome>,
): Promise<never> {
  const target = JSON.parse(process.argv[2]) as Target;
  const outcomes: Outcome[] = [];
  for (const flow of ["bot", "code", "password"] as const) {
    outcomes.push(await signIn(target, flow));
  }
  process.stdout.write(`${JSON.stringify(outcomes)}\n`);
  process.exit(0);
}
