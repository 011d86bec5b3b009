/**
 * A module to load before a program in Deno: its connections to the port DIVERT_FROM of this
 * machine go to the port DIVERT_TO, where a line waits that a test can cut.
 */
const from = Number(Deno.env.get("DIVERT_FROM"));
const to = Number(Deno.env.get("DIVERT_TO"));
const connect = Deno.connect.bind(Deno);
const diverted = (options: Deno.ConnectOptions): Promise<Deno.TcpConn> =>
  connect(options.port === from ? { ...options, port: to } : options);
Object.assign(Deno, { connect: diverted });
