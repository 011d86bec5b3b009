/** The door of this folder, which is loaded with the first raw call that does not fit. */
export { refusalOf } from "./refusal.ts";
export { explain } from "./values.ts";
