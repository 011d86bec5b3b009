/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** The elements of the page, by their ids. */

/** Returns an element that index.html has. */
export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`Cannot find "${id}" in the page`);
  return found as T;
}

/** Returns a field. */
export function input(id: string): HTMLInputElement {
  return element<HTMLInputElement>(id);
}

/** Returns a button. */
export function button(id: string): HTMLButtonElement {
  return element<HTMLButtonElement>(id);
}

/** Makes an element with a text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text: string,
  className = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

/** What to ask before something is done that cannot be undone. */
export interface Question {
  readonly heading: string;
  readonly text: string;
  /** The answer that goes on. The other one is "Cancel". */
  readonly yes: string;
}

/** Asks a question. Resolves to whether the answer was yes. */
export function ask({ heading, text, yes }: Question): Promise<boolean> {
  const dialog = element<HTMLDialogElement>("question");
  element("question-heading").textContent = heading;
  element("question-text").textContent = text;
  element("question-yes").textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true })
  );
}
