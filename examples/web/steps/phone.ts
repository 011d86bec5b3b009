/** The first step: country and phone number, and whether to stay signed in. */
import type { LoginToken } from "@tessera/mtproto";
import { COUNTRIES, type Country, nameOf, TEST_NUMBERS } from "../countries.ts";
import { button, element, input, make } from "../elements.ts";
import {
  caretIn,
  formatPhone,
  isInternational,
  type ReadPhone,
  readPhone,
  suggestCountry,
} from "../phone_number.ts";
import { announce, onPress, onSubmit, sayFieldWrong, sayStepWrong, show } from "../view.ts";
import type { Flow } from "./flow.ts";

const WRONG = {
  empty: "Enter your phone number.",
  letters: "A phone number has digits only.",
  noCountry: "Choose your country, or begin with + and the country’s code.",
  tooShort: "This phone number is too short.",
  tooLong: "This phone number is too long.",
};

/** What the other steps need of this one. */
export interface PhoneStep {
  /** Shows the step, with the reason if it is not the first time. */
  show(why?: string): void;
  /** Fills the number in. */
  fill(phone: string): void;
  /** Whether to stay signed in, and the passphrase, which is empty without one. */
  choice(): { readonly keep: boolean; readonly passphrase: string };
}

/** Returns the step. `showCode` and `showQr` show the next ones. */
export function phoneStep(
  { telegram, proceed }: Flow,
  hasTestNumbers: boolean,
  showCode: (login: LoginToken) => void,
  showQr: (signal: AbortSignal) => Promise<void>,
): PhoneStep {
  const field = input("phone-number");
  const select = element<HTMLSelectElement>("country");
  const keep = input("keep");
  const countries = hasTestNumbers ? [...COUNTRIES, TEST_NUMBERS] : COUNTRIES;
  const chosen = (): Country | undefined => countries.find(({ region }) => region === select.value);
  fillCountries(select, countries);

  function choice(): { keep: boolean; passphrase: string } {
    return { keep: keep.checked, passphrase: keep.checked ? input("passphrase").value : "" };
  }

  /** Shows the number in groups, and the country that it names. */
  function tidy(): void {
    const before = field.value.slice(0, field.selectionStart ?? field.value.length);
    const country = suggestCountry(field.value, chosen());
    if (country !== undefined && countries.includes(country)) select.value = country.region;
    const formatted = formatPhone(field.value, chosen());
    if (formatted !== field.value) {
      const isAtEnd = before.length === field.value.length;
      const digits = before.slice(before.lastIndexOf("+")).replace(/[^\d+]/g, "").length;
      field.value = formatted;
      const caret = isAtEnd ? formatted.length : caretIn(formatted, digits);
      field.setSelectionRange(caret, caret);
    }
    help();
  }

  /** Tells how a number without the code of a country is read. */
  function help(): void {
    const text = field.value.trim();
    const read = readPhone(text, chosen());
    const needsHelp = text !== "" && !isInternational(text);
    element("phone-help").textContent = !needsHelp
      ? ""
      : "number" in read
      ? `This is read as ${formatPhone(read.number, chosen())}.`
      : read.wrong === "noCountry"
      ? "Choose your country, or begin with + and its code."
      : "";
  }

  field.addEventListener("input", (event) => {
    // What is deleted is not put there again.
    const isDeletion = (event as InputEvent).inputType?.startsWith("delete");
    if (isDeletion) help();
    else tidy();
  });
  field.addEventListener("change", () => {
    const read = readPhone(field.value, chosen());
    if ("number" in read) field.value = formatPhone(read.number, chosen());
    tidy();
  });
  select.addEventListener("change", () => {
    const country = chosen();
    if (country === undefined) return;
    // The focus stays: with the keyboard, each country on the way to another one is a change.
    field.value = withCode(field.value, country);
    help();
  });
  keep.addEventListener("change", () => element("passphrase-field").hidden = !keep.checked);

  onSubmit("phone", "phone-number", async (text, signal) => {
    const read: ReadPhone = readPhone(text, chosen());
    if ("wrong" in read) return sayFieldWrong(field, WRONG[read.wrong]);
    field.value = formatPhone(read.number, chosen());
    const { keep, passphrase } = choice();
    const client = await telegram.begin(keep, passphrase, signal);
    const login = await client.requestLoginCode(read.number, { signal });
    if (login.outcome !== undefined) return proceed(login.outcome);
    if (login.deliveredBy === "paymentRequired") {
      return sayStepWrong(
        element("phone"),
        "Telegram wants to be paid for a code to this number. Log in with its own app first.",
      );
    }
    showCode(login);
  });
  onPress(button("to-qr"), showQr);

  const guess = countries.find(({ region }) => region === regionOfBrowser());
  if (guess !== undefined) {
    select.value = guess.region;
    field.value = withCode("", guess);
  }
  return {
    choice,
    fill(phone) {
      field.value = formatPhone(phone);
      tidy();
      field.focus();
    },
    show(why = "") {
      show("phone");
      element("passphrase-field").hidden = !keep.checked;
      field.setSelectionRange(field.value.length, field.value.length);
      help();
      announce("");
      if (why !== "") sayStepWrong(element("phone"), why);
    },
  };
}

function fillCountries(select: HTMLSelectElement, countries: readonly Country[]): void {
  const named = countries.map((country) => ({ country, name: nameOf(country) }));
  named.sort((a, b) => a.name.localeCompare(b.name, "en"));
  for (const { country: { region, code }, name } of named) {
    const option = make("option", `${name} (+${code})`);
    option.value = region;
    select.append(option);
  }
}

/** Returns a number with the code of a country in the place of the one that it has. */
function withCode(typed: string, country: Country): string {
  const { beginnings, code } = country;
  const beginning = beginnings.length === 1 ? beginnings[0] : code;
  const before = suggestCountry(typed);
  const read = readPhone(typed, country);
  const digits = !isInternational(typed) && "number" in read
    ? read.number.slice(1 + code.length)
    : typed.replace(/\D/g, "").slice((before?.beginnings[0] ?? before?.code ?? "").length);
  return `${formatPhone(`+${beginning}${digits}`, country)}${digits === "" ? " " : ""}`;
}

function regionOfBrowser(): string | undefined {
  try {
    return new Intl.Locale(navigator.language).maximize().region;
  } catch {
    return undefined;
  }
}
