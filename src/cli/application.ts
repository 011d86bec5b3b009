/**
 * The application that a command signs in as: https://core.telegram.org/api/obtaining_api_id
 */
import { type Arguments, shorten, UsageError } from "./arguments.ts";
import type { CliEnvironment } from "./environment.ts";
import { PROXY_USAGE, proxyOf } from "./proxy.ts";
import { readServed, SERVED_USAGE } from "./serve_info.ts";

/** The usage of the options that name the application. */
export const APPLICATION_USAGE = [
  "--api-id N    the application's id (or TELEGRAM_API_ID), from https://my.telegram.org",
  "--api-hash H  the application's hash (or TELEGRAM_API_HASH)",
  "--test        use Telegram's test servers",
  SERVED_USAGE,
  ...PROXY_USAGE,
];

/** The names of the options in {@linkcode APPLICATION_USAGE}. */
export const APPLICATION_OPTIONS = {
  flags: ["test"],
  values: ["api-id", "api-hash", "served", "proxy"],
};

/**
 * Returns the application from the options or the variables, or that of a running offline Telegram.
 *
 * @param otherwise the way to go on without an application, for the error
 * @throws {UsageError} if there is no application
 */
export async function application(
  options: Arguments,
  environment: CliEnvironment,
  otherwise = "use an offline Telegram with --served FILE",
): Promise<NonNullable<CliEnvironment["clientOptions"]>> {
  const served = options.value("served");
  if (served !== undefined) {
    return { ...await readServed(served), ...proxyOf(options, environment) };
  }
  const { env } = environment;
  const apiId = options.value("api-id") ?? env("TELEGRAM_API_ID");
  const apiHash = options.value("api-hash") ?? env("TELEGRAM_API_HASH");
  if (apiId && apiHash) {
    if (/^\d+$/.test(apiId)) {
      return {
        apiId: Number(apiId),
        apiHash,
        testServers: options.flag("test"),
        ...proxyOf(options, environment),
      };
    }
    throw new UsageError(
      `Cannot use the api id "${shorten(apiId)}": expected a number from https://my.telegram.org`,
    );
  }
  throw new UsageError(
    "Cannot connect to Telegram: the application is missing. " +
      "Pass --api-id and --api-hash (or TELEGRAM_API_ID and TELEGRAM_API_HASH) " +
      `from https://my.telegram.org, or ${otherwise}.`,
  );
}
