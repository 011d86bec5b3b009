/**
 * What a process tells of itself by HTTP: `/metrics` for Prometheus, `/healthz` while it runs, and
 * `/readyz` while it takes sessions.
 */
import { createServer, type Server } from "node:http";
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
import type { Fleet } from "./fleet.ts";

/** Metrics by name: a text for people, and the number. */
type Metrics = Readonly<
  Record<string, [help: string, value: (fleet: Fleet) => number]>
>;

const GAUGES: Metrics = {
  fleet_sessions: ["Sessions that this process runs", (fleet) => fleet.held],
  fleet_sessions_waiting: [
    "Sessions whose lease it waits for",
    (fleet) => fleet.waiting,
  ],
  fleet_sessions_known: ["Sessions in the store", (fleet) => fleet.known],
  fleet_share: ["Sessions that it may run", (fleet) => fleet.share],
  fleet_processes: ["Processes that live", (fleet) => fleet.processes],
};

const COUNTERS: Metrics = {
  fleet_sessions_taken_total: [
    "Sessions that were taken",
    ({ counts }) => counts.taken,
  ],
  fleet_sessions_lost_total: [
    "Sessions whose lease was lost",
    ({ counts }) => counts.lost,
  ],
  fleet_sessions_failed_total: [
    "Sessions that could not be run",
    ({ counts }) => counts.failed,
  ],
  fleet_updates_total: [
    "Updates that were worked on",
    ({ counts }) => counts.worked,
  ],
  fleet_updates_failed_total: [
    "Updates whose work failed",
    ({ counts }) => counts.workFailed,
  ],
};

/** Serves the metrics of a process. */
export async function serveMetrics(
  fleet: Fleet,
  port: number,
): Promise<Server> {
  const register = registryOf(fleet);
  const server = createServer(async ({ url }, response) => {
    if (url === "/metrics") {
      response.setHeader("content-type", register.contentType);
      response.end(await register.metrics());
    } else if (url === "/healthz" || url === "/readyz") {
      const isWell = url === "/healthz" || fleet.isReady;
      response.statusCode = isWell ? 200 : 503;
      response.end(isWell ? "ok\n" : "not ready\n");
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(port, resolve));
  return server;
}

function registryOf(fleet: Fleet): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  for (const [name, [help, value]] of Object.entries(GAUGES)) {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [register],
      collect: () => gauge.set(value(fleet)),
    });
  }
  for (const [name, [help, value]] of Object.entries(COUNTERS)) {
    const counter: Counter = new Counter({
      name,
      help,
      registers: [register],
      collect() {
        counter.reset();
        counter.inc(value(fleet));
      },
    });
  }
  return register;
}
