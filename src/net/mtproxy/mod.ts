/** Streams of an MTProxy, of its client and of itself. Loaded when a program uses one. */
export { CodedStream, type StreamCodec } from "./coded_stream.ts";
export { mtproxyDial, type MtproxyDialOptions } from "./mtproxy_dial.ts";
