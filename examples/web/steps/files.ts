/// <reference lib="dom" />
/**
 * The files of an account: a person chooses one and sends it to Saved Messages. A photo is shown as
 * Telegram has it then: from a download.
 */
import type { Message } from "@tessera/mtproto";
import { button, element, input, make } from "../elements.ts";
import { announce, onPress, sayFieldWrong } from "../view.ts";
import type { Flow } from "./flow.ts";

/** Prepares the section. Returns what empties it for the account that is shown. */
export function filesSection({ telegram }: Flow): () => void {
  const progress = element<HTMLProgressElement>("file-progress");
  const cancel = button("cancel-file");
  let cancelling = new AbortController();
  let photo = "";

  function empty(): void {
    URL.revokeObjectURL(photo);
    element("sent-file").replaceChildren();
    input("file").value = "";
  }

  async function send(file: File, signal: AbortSignal): Promise<void> {
    progress.value = 0;
    progress.hidden = cancel.hidden = false;
    try {
      const sent = await telegram.client.sendFile("me", file, {
        signal,
        onProgress: (done, total = file.size) => progress.value = done / total,
      });
      empty();
      const said = `${file.name} is in Saved Messages.`;
      element("sent-file").append(make("p", said));
      announce(said);
      if (sent.media?._ === "messageMediaPhoto") await showPhoto(sent, file.name, signal);
    } finally {
      progress.hidden = cancel.hidden = true;
    }
  }

  async function showPhoto(message: Message, name: string, signal: AbortSignal): Promise<void> {
    const bytes = await new Response(telegram.client.download(message, { signal })).blob();
    photo = URL.createObjectURL(bytes);
    const image = make("img", "");
    image.alt = name;
    image.src = photo;
    element("sent-file").append(image);
  }

  onPress(button("send-file"), async (signal) => {
    const [file] = input("file").files ?? [];
    if (file === undefined) return sayFieldWrong(input("file"), "Choose a file first.");
    cancelling = new AbortController();
    try {
      await send(file, AbortSignal.any([signal, cancelling.signal]));
    } catch (error) {
      if (!cancelling.signal.aborted) throw error;
      announce(`${file.name} was not sent.`);
      button("send-file").focus();
    }
  });
  cancel.addEventListener("click", () => cancelling.abort());
  return empty;
}
