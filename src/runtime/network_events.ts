/**
 * The event of a browser that the network is back. Other runtimes have none: there a lost
 * connection is noticed by itself, and a program that knows more says so.
 */

/** The part of a browser's window, or of its worker, that tells of the network. */
interface EventSource {
  addEventListener?(type: "online", listener: () => void): void;
  removeEventListener?(type: "online", listener: () => void): void;
}

/** Calls `listener` whenever the network is back. Returns a function that ends this. */
export function onNetworkBack(listener: () => void): () => void {
  const source = globalThis as EventSource;
  source.addEventListener?.("online", listener);
  return () => source.removeEventListener?.("online", listener);
}
