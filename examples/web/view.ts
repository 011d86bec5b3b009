/**
 * The steps of the page, of which one is shown: its focus, its work, and what is wrong in it.
 *
 * - A step that is left aborts its work and forgets its errors and passwords.
 * - While a step works, its buttons are disabled, but those that lead away.
 * - An error is shown beside its field, and goes away when the field is changed.
 */
import { ask, element, make, type Question } from "./elements.ts";
import { forgetPasswords, textOf } from "./field.ts";
import { wordsFor } from "./words.ts";

/** The work of a step. The signal is aborted when the step is left. */
export type Work = (signal: AbortSignal) => Promise<void> | void;

/** After so many milliseconds, a step that has no way back offers to cancel its work. */
const SLOW = 1500;

let leaving = new AbortController();
/** What names the buttons that show passwords, by what they would do. */
const toggles: (() => void)[] = [];

/** Shows a step, and puts the focus into it. Returns a signal that is aborted when it is left. */
export function show(id: string): AbortSignal {
  leaving.abort();
  leaving = new AbortController();
  forgetPasswords(document.querySelectorAll("input"));
  for (const update of toggles) update();
  forgetProblems(document);
  for (const step of document.querySelectorAll<HTMLElement>(".step")) step.hidden = step.id !== id;
  const step = element(id);
  step.removeAttribute("aria-busy");
  const heading = step.querySelector("h1");
  document.title = `${(heading?.textContent ?? "").replace(/ to Telegram$/, "")} · Telegram`;
  scrollTo(0, 0);
  const first = step.querySelector<HTMLElement>("[data-focus]") ??
    step.querySelector<HTMLElement>("input:not([hidden])") ?? heading;
  first?.focus();
  return leaving.signal;
}

/** Aborts the work of the step that is shown. */
export function leave(): void {
  leaving.abort();
}

/** Says something to those who listen. */
export function announce(text: string): void {
  element("status").textContent = text;
}

/** Shows that a field is wrong, until it is changed, and puts the focus there. */
export function sayFieldWrong(field: HTMLInputElement | HTMLSelectElement, text: string): void {
  forgetProblems(field.closest(".step") ?? document);
  const problem = make("p", text, "problem");
  problem.id = `${field.id}-problem`;
  problem.setAttribute("role", "alert");
  field.closest(".field")?.append(problem);
  field.setAttribute("aria-invalid", "true");
  describe(field, problem.id, true);
  field.focus();
  if (field instanceof HTMLInputElement && field.type !== "checkbox") field.select();
}

/** Shows that a step failed, until it is tried again or something in it is changed. */
export function sayStepWrong(step: HTMLElement, text: string): void {
  forgetProblems(step);
  const problem = make("p", text, "problem");
  problem.setAttribute("role", "alert");
  step.querySelector(":scope > .actions")?.before(problem);
}

/** Shows an error: beside the field, if it is about what was typed there. */
export function sayWrong(step: HTMLElement, error: unknown, field?: HTMLInputElement): void {
  const { text, isAboutField } = wordsFor(error);
  if (isAboutField && field !== undefined) sayFieldWrong(field, text);
  else sayStepWrong(step, text);
}

function forgetProblems(within: ParentNode): void {
  for (const problem of within.querySelectorAll(".problem")) problem.remove();
  for (const field of within.querySelectorAll<HTMLElement>("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    describe(field, `${field.id}-problem`, false);
  }
}

/** Adds an id to those that describe a field, or takes it away. */
function describe(field: Element, id: string, isAdded: boolean): void {
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ")
    .filter((one) => one !== "" && one !== id);
  const all = isAdded ? [id, ...others] : others;
  if (all.length === 0) field.removeAttribute("aria-describedby");
  else field.setAttribute("aria-describedby", all.join(" "));
}

/** Does the work of a button, unless its step works already. Errors are shown in the step. */
async function work(
  button: HTMLButtonElement,
  task: Work,
  field?: HTMLInputElement,
): Promise<void> {
  const step = button.closest<HTMLElement>(".step");
  if (step === null || step.getAttribute("aria-busy") === "true") return;
  const { signal } = leaving;
  const hadFocus = button === document.activeElement;
  const end = begin(step, button);
  let failure: { error: unknown } | undefined;
  try {
    await task(signal);
  } catch (error) {
    failure = { error };
  }
  end();
  if (signal.aborted) return;
  if (hadFocus && document.activeElement === document.body) button.focus();
  if (failure === undefined) return;
  if (field?.dataset.secret !== undefined) forgetPasswords([field]);
  sayWrong(step, failure.error, field);
}

/** Shows that a step works. Returns the function that ends this. */
function begin(step: HTMLElement, button: HTMLButtonElement): () => void {
  const label = button.textContent;
  const { busy } = button.dataset;
  forgetProblems(step);
  step.setAttribute("aria-busy", "true");
  const isFree = (one: HTMLButtonElement): boolean => one.matches(".back, .away, .toggle");
  const buttons = [...step.querySelectorAll("button")].filter((one) => !isFree(one));
  for (const one of buttons) one.disabled = true;
  const fields = [...step.querySelectorAll<HTMLInputElement>("input:not([readonly])")];
  for (const one of fields) one.readOnly = true;
  button.classList.add("busy");
  const slow = setTimeout(() => step.dataset.slow = "", SLOW);
  if (busy !== undefined) {
    button.textContent = busy;
    announce(busy);
  }
  return () => {
    step.removeAttribute("aria-busy");
    clearTimeout(slow);
    delete step.dataset.slow;
    for (const one of buttons) one.disabled = false;
    for (const one of fields) one.readOnly = false;
    button.classList.remove("busy");
    // A step may have given the button another name meanwhile.
    if (button.textContent === busy) button.textContent = label;
    if (element("status").textContent === busy) announce("");
  };
}

/** Does the work of a form when it is submitted, with the text of its main field. */
export function onSubmit(
  id: string,
  fieldId: string,
  task: (text: string, signal: AbortSignal) => Promise<void>,
): void {
  const form = element<HTMLFormElement>(id);
  const field = element<HTMLInputElement>(fieldId);
  const button = form.querySelector<HTMLButtonElement>("button:not([type])");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = textOf(field);
    const { empty } = field.dataset;
    if (text === "" && empty !== undefined) sayFieldWrong(field, empty);
    else if (button !== null) void work(button, (signal) => task(text, signal), field);
  });
}

/** Does the work of a button when it is pressed, and when its question is answered with yes. */
export function onPress(pressed: HTMLButtonElement, task: Work, question?: Question): void {
  pressed.addEventListener("click", async () => {
    if (question === undefined || await ask(question)) await work(pressed, task);
  });
}

/** Begins what all steps share: problems that end, passwords that can be shown. */
export function prepare(): void {
  document.addEventListener("input", ({ target }) => {
    const step = (target as Element).closest?.(".step");
    if (step) forgetProblems(step);
  });
  for (const field of document.querySelectorAll<HTMLInputElement>("input[data-secret]")) {
    addToggle(field);
  }
}

/** Adds a button that shows what is typed into a field for a password. */
function addToggle(field: HTMLInputElement): void {
  const frame = make("div", "", "secret");
  const toggle = make("button", "", "toggle");
  toggle.type = "button";
  toggle.setAttribute("aria-controls", field.id);
  const name = field.labels?.[0]?.textContent?.replace(/ \(.*/, "").toLowerCase();
  const update = (): void => {
    toggle.textContent = field.type === "text" ? "Hide" : "Show";
    toggle.setAttribute("aria-label", `${toggle.textContent} ${name}`);
  };
  toggle.addEventListener("click", () => {
    field.type = field.type === "text" ? "password" : "text";
    update();
  });
  field.before(frame);
  frame.append(field, toggle);
  update();
  toggles.push(update);
}
