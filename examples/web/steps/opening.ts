/** What comes before the first step: the session that is kept on this device. */
import { SessionError, type User } from "@tessera/mtproto";
import { button, element, input } from "../elements.ts";
import { announce, onPress, onSubmit, sayFieldWrong, show } from "../view.ts";
import { wordsFor } from "../words.ts";
import type { Flow } from "./flow.ts";

/**
 * Waits for the lock of the session: two tabs must not use it at the same time. A page that is left
 * frees it, also where the browser keeps the page for the way back; it is loaded again then.
 */
export async function takeLock(): Promise<void> {
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  addEventListener("pagehide", () => leave());
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });
  const take = (options: LockOptions): Promise<boolean> =>
    new Promise((resolve) =>
      void navigator.locks.request("tessera", options, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : left;
      })
    );
  if (await take({ ifAvailable: true })) return;
  const text = "Telegram is open in another tab. Close that tab to use it here.";
  element("opening-text").textContent = text;
  await take({});
}

/** Returns what opens the kept session, or shows the first step if there is none. */
export function openingStep({ telegram, proceed, restart }: Flow): () => Promise<void> {
  const goOn = async (me: User | undefined): Promise<void> => {
    if (me !== undefined) proceed(me);
    else await restart("You were logged out. Please log in again.");
  };

  async function open(): Promise<void> {
    const kept = await telegram.look();
    if (kept === "nothing") return await restart();
    if (kept === "sealed") return void show("unlock");
    const signal = show("opening");
    const [again, anew] = [button("open-again"), button("open-anew")];
    again.hidden = anew.hidden = true;
    element("opening-text").textContent = "Connecting…";
    element("opening-text").classList.add("waiting");
    try {
      await goOn(await telegram.resume("", signal));
    } catch (error) {
      const { text } = wordsFor(error);
      element("opening-text").textContent = text;
      element("opening-text").classList.remove("waiting");
      announce(text);
      again.hidden = anew.hidden = false;
      again.focus();
    }
  }

  button("open-again").addEventListener("click", () => void open());
  for (const id of ["open-anew", "forget"]) {
    onPress(button(id), () => restart(), {
      heading: "Log in again?",
      text: "This device forgets your session, and you can log in again.",
      yes: "Log in again",
    });
  }
  onSubmit("unlock", "unlock-passphrase", async (passphrase, signal) => {
    try {
      await goOn(await telegram.resume(passphrase, signal));
    } catch (error) {
      if (!(error instanceof SessionError) || isOfStore(error)) throw error;
      input("unlock-passphrase").value = "";
      sayFieldWrong(input("unlock-passphrase"), "This passphrase is not right.");
    }
  });
  return open;
}

/** Whether IndexedDB has failed. What cannot be decrypted is an `OperationError`. */
function isOfStore({ cause }: SessionError): boolean {
  return cause instanceof DOMException && cause.name !== "OperationError";
}
