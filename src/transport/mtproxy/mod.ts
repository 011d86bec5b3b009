/**
 * MTProxy: secrets, the disguise as TLS, and what a proxy does with a stream. Both sides, without
 * sockets. The floors above load it when a program uses one.
 */
export {
  FakeTlsClient,
  type FakeTlsClientOptions,
  type FakeTlsReaction,
  FakeTlsServer,
  type FakeTlsServerOptions,
  type HelloRules,
  UnprovenAnswerError,
} from "./fake_tls.ts";
export type { HelloProfile } from "./hello_profile.ts";
export { HELLO_PROFILES } from "./profiles.ts";
export { ProxiedStream } from "./proxied_stream.ts";
export { ProxySecret, type SecretKind } from "./secret.ts";
