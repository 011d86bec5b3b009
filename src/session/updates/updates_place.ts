/**
 * The interface of a place for the state of the updates: how far the account has received them, in
 * each message box. https://core.telegram.org/api/updates. The client writes the text, and a
 * session only keeps it.
 */
import type { Logger } from "../../runtime/mod.ts";

/**
 * The place where a session keeps the state of the updates. It is apart from the state with the
 * keys, as it changes with each message: the client saves it up to once a second. A text has from
 * 100 characters to some 100,000, for an account in thousands of channels.
 *
 * A text belongs to the user of `session.state` at the time of `save`. Another user never gets it.
 */
export interface UpdatesPlace {
  /**
   * Returns the text that was saved last for the user who is signed in. A power failure may bring
   * the one before back, which repeats some updates.
   *
   * @param log receives a warning if there is a text that is damaged, of another user, or of a
   * later version
   * @returns the text; `undefined` if there is none that can be used: the client then begins with
   * the present
   * @throws {Error} if the store does not answer. Try again, as to begin with the present would
   * skip updates.
   */
  load(log?: Logger): Promise<string | undefined>;
  /**
   * Saves a text in place of the one before. A program that is killed meanwhile leaves one of the
   * two. Does nothing while nobody is signed in, as the text would be of nobody.
   *
   * @param text the text, of at most 4,194,304 characters
   * @throws {Error} if the text is too long, the store cannot save it, or another program has taken
   * the session over. The text before stays.
   */
  save(text: string): Promise<void>;
}
