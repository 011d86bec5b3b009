/**
 * Sign in to Telegram, and talk to it, from any JavaScript runtime.
 *
 * {@linkcode Client} signs in (with a bot token, or with a phone number, a code and a 2FA password)
 * and calls any method of the API. A {@linkcode StringSession} keeps what is needed to be signed in
 * the next time. `@tessera/mtproto/testing` has a Telegram of one's own, for examples and tests
 * without the network.
 *
 * @example Sign in as a person, with answers that are asked for
 * ```ts
 * import { Client, StringSession } from "@tessera/mtproto";
 * import { OfflineTelegram } from "@tessera/mtproto/testing";
 *
 * // Leave this and clientOptions out to talk to Telegram itself.
 * await using telegram = new OfflineTelegram();
 * const { apiId, apiHash, clientOptions } = telegram;
 * await using client = await Client.open(new StringSession(""), apiId, apiHash, clientOptions);
 * await client.start({
 *   phoneNumber: "+9996622222",
 *   phoneCode: () => "22222",
 *   password: () => "hunter2",
 * });
 * await client.sendMessage("me", "Hello!");
 * const text = client.session.save(); // keep it secret: whoever has it is signed in
 * console.log(text.length); // 353
 * ```
 *
 * @module
 */
export * from "./src/client/mod.ts";
export {
  type Answer,
  type Asker,
  type AskPasskey,
  type AuthorizationDetails,
  type CodeAnswer,
  type CodeDelivery,
  type CodeDetails,
  type CodeNotNeeded,
  type DeviceLike,
  type Devices,
  type DeviceSession,
  type DeviceSettings,
  type EmailProof,
  type InteractiveOptions,
  type LoginAnswers,
  LoginCancelledError,
  type LoginToken,
  type MethodCall,
  type NewAccount,
  type NewPasswordOptions,
  type Passkey,
  type PasskeyAnswer,
  type Passkeys,
  type PasswordChange,
  type PasswordRecovery,
  type PasswordReset,
  type PasswordSettings,
  type PasswordStatus,
  type PasswordToken,
  type QrCode,
  QrLogin,
  type QrLoginOptions,
  qrModules,
  type RecoveredPassword,
  type ReplaceOptions,
  type SentEmailCode,
  SignInError,
  type SignInErrorOptions,
  type SignInErrorReason,
  type SignUpToken,
  type StepOptions,
  type TokenOrigin,
  User,
  type WebSession,
} from "./src/auth/mod.ts";
export {
  type ButtonLike,
  type Buttons,
  type CallbackAnswer,
  type CallbackQuery,
  type DeleteOptions,
  type Deletion,
  type Dialog,
  type DialogOptions,
  type EditOptions,
  type ForwardOptions,
  type Gap,
  type HistoryOptions,
  type InlineAnswer,
  type InlineArticle,
  type InlineButton,
  type InlineQuery,
  type Message,
  type MessageLike,
  type OutgoingMessage,
  type PeerHolder,
  type PeerInfo,
  type PeerLike,
  type RawMessage,
  type ReactionLike,
  type ReadOptions,
  type SendOptions,
  type TextLike,
  UncertainSendError,
  type Update,
} from "./src/messages/mod.ts";
export {
  channelPeerId,
  type DataCenterState,
  type DcAddressState,
  type KeyValueStore,
  MemorySession,
  type Peer,
  type PeerKind,
  type PeerStore,
  type SealingSecret,
  sealText,
  type Session,
  SessionError,
  type SessionErrorOptions,
  type SessionState,
  type SessionUser,
  SqliteSession,
  type StoreClaims,
  type StoreGuard,
  StoreSession,
  type StoreSessionOptions,
  type StoreSource,
  StringSession,
  unsealText,
  type UpdatesPlace,
  type UpdateState,
} from "./src/session/mod.ts";
export {
  type ConnectionStatus,
  type DataCenter,
  type IpVersion,
  RpcError,
} from "./src/connection/mod.ts";
export {
  type Clock,
  type Lazy,
  logFrom,
  type Logger,
  type LogLevel,
  type Random,
  silentLogger,
} from "./src/runtime/mod.ts";
export {
  type Address,
  type ByteStream,
  type CloudflareConnect,
  cloudflareDial,
  type CloudflareSocket,
  ConnectionError,
  type Dial,
  type Fetch,
  type FetchInit,
  type ForeignProxy,
  type MtProxy,
  type Proxy,
  type ProxyAddress,
  proxyDial,
  type ProxyFault,
  proxyFromEnvironment,
  type ProxyOptions,
  type PythonProxy,
  tcpDial,
  type TunnelProxy,
  type WebSocketClass,
  webSocketDial,
  type WebSocketDialOptions,
  type WebSocketLike,
} from "./src/net/mod.ts";
export { type SecurityCheck, SecurityError } from "./src/mtproto/mod.ts";
export {
  FramingError,
  type Packet,
  TransportError,
  type TransportName,
} from "./src/transport/mod.ts";
export type { Api } from "./src/tl/mod.ts";
export { TlError, toJson } from "./src/tl/mod.ts";
export { provideWasm, type RsaPublicKey } from "./src/crypto/mod.ts";
export type { GapReason } from "./src/updates/mod.ts";
export type {
  AlbumItem,
  Downloadable,
  DownloadOptions,
  FileForm,
  FileLocation,
  FileOptions,
  FileSource,
  ProfilePhotoOptions,
  ProgressListener,
  SendableFile,
  SendFileOptions,
  UploadedFile,
  UploadOptions,
} from "./src/files/mod.ts";
