/** What the steps share. Each step is a function of a flow, and returns what shows it. */
import type { PasswordToken, SignUpToken, User } from "@tessera/mtproto";
import type { Telegram } from "../telegram.ts";

/** The way through the steps. */
export interface Flow {
  readonly telegram: Telegram;
  /** Goes on with the outcome of a step: who is signed in, or what is still missing. */
  proceed(outcome: User | PasswordToken | SignUpToken): void;
  /** Goes back to the first step, without a session. Tells people why, if there is a reason. */
  restart(why?: string): Promise<void>;
}
