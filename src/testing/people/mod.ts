/** People who are played by a test. */
export { Person } from "./person.ts";
export type {
  ButtonAnswer,
  InlineResult,
  PersonChatOptions,
  PersonFileOptions,
  PersonFileSource,
  PersonFilter,
  PersonOptions,
  PersonPeer,
  PersonText,
  PlayedPerson,
} from "./person_values.ts";
export type { PersonAuthor, PersonChat, PersonFile, PersonMessage } from "./person_message.ts";
