/** What a proxy says instead of connecting, as its handshake finds it; route.ts words the error. */

/** A proxy does not connect. */
export class ProxyRefusal extends Error {
  override readonly name = "ProxyRefusal";
  /**
   * Who is at fault: the program, which the proxy does not accept; another server, which is no
   * proxy of this kind; the way from the proxy to the target; or the rules of the proxy, which
   * forbid the target.
   */
  readonly fault: "credentials" | "not this kind" | "target" | "rules";

  constructor(fault: ProxyRefusal["fault"], message: string) {
    super(message);
    this.fault = fault;
  }
}
