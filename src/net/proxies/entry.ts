/** Reads how a proxy is named. The floors above load it when a program uses one. */
export { parseProxy, proxyName } from "./parse_proxy.ts";
