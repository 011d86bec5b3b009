/**
 * Loading the code of a socket on the first dial. A failure is one of the network: the dial may be
 * tried again.
 */
import { ConnectionError } from "./stream.ts";

/** Returns the module that loads. */
export async function loadSocket<Module>(loading: Promise<Module>): Promise<Module> {
  try {
    return await loading;
  } catch (cause) {
    throw new ConnectionError(
      "Cannot connect: the code of the socket could not be loaded. Check the network.",
      { cause },
    );
  }
}
