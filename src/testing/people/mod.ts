/** People who are played by a test. */
export {
  type ButtonAnswer,
  type InlineResult,
  Person,
  type PersonChatOptions,
  type PersonFilter,
  type PersonOptions,
  type PersonPeer,
  type PersonText,
} from "./person.ts";
export type { PersonAuthor, PersonChat, PersonMessage } from "./person_message.ts";
