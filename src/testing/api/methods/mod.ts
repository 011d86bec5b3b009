/**
 * All methods of the offline API. Each table is a topic in a file of its own; a new topic is one
 * more file and one more line here.
 */
import { authorizationTransferMethods } from "./authorization_transfer.ts";
import { botQueryMethods } from "./bot_queries.ts";
import { botSignInMethods } from "./bot_sign_in.ts";
import { cdnMethods } from "./cdn.ts";
import { channelDifferenceMethods } from "./channel_difference.ts";
import { channelMethods } from "./channels.ts";
import { codeMethods } from "./codes.ts";
import { contactsMethods } from "./contacts.ts";
import { devicesMethods } from "./devices.ts";
import { dialogsMethods } from "./dialogs.ts";
import { filesMethods } from "./files.ts";
import { forwardMethods } from "./forwards.ts";
import { groupMethods } from "./groups.ts";
import { helpMethods } from "./help.ts";
import { historyMethods } from "./history.ts";
import { inviteMethods } from "./invites.ts";
import { loginEmailMethods } from "./login_email.ts";
import { mediaMethods } from "./media.ts";
import { messageChangeMethods } from "./message_changes.ts";
import { messagesMethods } from "./messages.ts";
import { passkeyMethods } from "./passkeys.ts";
import { passwordMethods } from "./password.ts";
import { passwordRecoveryMethods } from "./password_recovery.ts";
import { passwordResetMethods } from "./password_reset.ts";
import { passwordSettingsMethods } from "./password_settings.ts";
import { photoMethods } from "./photos.ts";
import { qrLoginMethods } from "./qr_login.ts";
import { readingMethods } from "./reading.ts";
import { scheduledMethods } from "./scheduled.ts";
import { signInMethods } from "./sign_in.ts";
import { signUpMethods } from "./sign_up.ts";
import { updatesMethods } from "./updates.ts";
import { usernameMethods } from "./usernames.ts";
import { usersMethods } from "./users.ts";
import { webTokenMethods } from "./web_token.ts";
import type { Method, Methods } from "./method.ts";

const TABLES: Methods = {
  ...signInMethods,
  ...botSignInMethods,
  ...codeMethods,
  ...signUpMethods,
  ...loginEmailMethods,
  ...passwordMethods,
  ...passwordSettingsMethods,
  ...passwordRecoveryMethods,
  ...passwordResetMethods,
  ...qrLoginMethods,
  ...devicesMethods,
  ...webTokenMethods,
  ...passkeyMethods,
  ...authorizationTransferMethods,
  ...helpMethods,
  ...usersMethods,
  ...usernameMethods,
  ...contactsMethods,
  ...messagesMethods,
  ...mediaMethods,
  ...filesMethods,
  ...cdnMethods,
  ...photoMethods,
  ...dialogsMethods,
  ...channelMethods,
  ...channelDifferenceMethods,
  ...groupMethods,
  ...historyMethods,
  ...messageChangeMethods,
  ...readingMethods,
  ...botQueryMethods,
  ...forwardMethods,
  ...inviteMethods,
  ...scheduledMethods,
  ...updatesMethods,
};

/** All methods by name. */
export const METHODS: ReadonlyMap<string, Method> = new Map(Object.entries(TABLES));
