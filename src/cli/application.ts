/**
 * In the name of which application a command goes to Telegram: https://core.telegram.org/api/obtaining_api_id
 */
import { type Arguments, UsageError } from "./arguments.ts";
import type { World } from "./command.ts";
import { readServed, SERVED_USAGE } from "./serve.ts";

/** The options that say so. */
export const APPLICATION_USAGE = [
  "--api-id N    the application's id (or TELEGRAM_API_ID), from https://my.telegram.org",
  "--api-hash H  the application's hash (or TELEGRAM_API_HASH)",
  "--test        use Telegram's test servers",
  SERVED_USAGE,
];

/** How to read {@linkcode APPLICATION_USAGE}. */
export const APPLICATION_OPTIONS = {
  flags: ["test"],
  values: ["api-id", "api-hash", "served"],
};

/**
 * The application that was typed or that the environment names, or that of an offline Telegram that runs elsewhere. The error for
 * none says that `otherwise` can be typed instead.
 */
export async function application(
  options: Arguments,
  { env }: World,
  otherwise = "--served FILE to do without",
): Promise<NonNullable<World["clientOptions"]>> {
  const served = options.value("served");
  if (served !== undefined) return await readServed(served);
  const apiId = options.value("api-id") ?? env("TELEGRAM_API_ID");
  const apiHash = options.value("api-hash") ?? env("TELEGRAM_API_HASH");
  if (apiId && apiHash) {
    if (/^\d+$/.test(apiId)) {
      return { apiId: Number(apiId), apiHash, testServers: options.flag("test") };
    }
    throw new UsageError(
      `Cannot use the api id "${apiId}": expected a whole number from https://my.telegram.org`,
    );
  }
  throw new UsageError(
    "Cannot go to Telegram without an application: expected --api-id and --api-hash (or TELEGRAM_API_ID and TELEGRAM_API_HASH) " +
      `from https://my.telegram.org, or ${otherwise}`,
  );
}
