/** Downloads from CDNs, which are not trusted: https://core.telegram.org/cdn */
export * from "./cdn_route.ts";
export * from "./cdns.ts";
