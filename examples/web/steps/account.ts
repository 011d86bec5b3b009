/**
 * After signing in: who is signed in, files, the devices of the account, and logging out. Other
 * parts of an account are sections of their own in index.html, between the profile and the devices.
 */
import { type DeviceSession, SignInError, type User } from "@tessera/mtproto";
import { button, element, make } from "../elements.ts";
import { phoneText } from "../phone_number.ts";
import { announce, onPress, sayWrong, show } from "../view.ts";
import { filesSection } from "./files.ts";
import type { Flow } from "./flow.ts";

const KEPT = {
  nothing: "You stay logged in until this page is closed or loaded again.",
  open: "You stay logged in on this device.",
  sealed: "You stay logged in on this device. A passphrase locks it.",
};

const dates = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** Returns what shows the step. */
export function accountStep(flow: Flow): (user: User) => void {
  const { telegram, restart } = flow;
  const emptyFiles = filesSection(flow);
  async function showDevices(signal: AbortSignal): Promise<void> {
    const text = element("devices-text");
    if (element("devices").childElementCount === 0) text.textContent = "Loading…";
    try {
      const devices = await telegram.client.devices.list({ signal });
      text.textContent = "";
      const own = devices.filter(({ isCurrent }) => isCurrent);
      const others = devices.filter(({ isCurrent }) => !isCurrent);
      others.sort((a, b) => b.activeAt.getTime() - a.activeAt.getTime());
      element("devices").replaceChildren(...[...own, ...others].map(row));
      button("end-others").hidden = others.length === 0;
    } catch (error) {
      if (signal.aborted) return;
      text.textContent = "";
      await tellWrong(error);
    }
  }

  /** Shows an error. A session that was ended elsewhere leads to the first step. */
  async function tellWrong(error: unknown): Promise<void> {
    if (error instanceof SignInError && error.reason === "signedOut") {
      await restart("You were logged out on another device.");
    } else {
      sayWrong(element("account"), error);
    }
  }

  /** Shows the photo of the account in the place of the initials, if it has one. */
  async function showPhoto(signal: AbortSignal): Promise<void> {
    const { client } = telegram;
    const photo = await client.profilePhoto("me", { large: false, signal });
    if (photo === undefined) return;
    const bytes = await new Response(client.download(photo, { signal })).blob();
    const image = make("img", "");
    image.alt = "";
    image.src = URL.createObjectURL(bytes);
    image.onload = () => URL.revokeObjectURL(image.src);
    element("avatar").replaceChildren(image);
  }

  function row(device: DeviceSession): HTMLLIElement {
    const { isCurrent, deviceModel, appName, appVersion, ip, country, activeAt } = device;
    const item = make("li", "");
    const about = make("div", "");
    const name = deviceModel || "Unknown device";
    about.append(
      make("strong", name),
      make("span", `${appName} ${appVersion}`.trim()),
      make("span", [country, ip].filter(Boolean).join(", ")),
      make("span", isCurrent ? "This device" : `Last used ${dates.format(activeAt)}`, "when"),
    );
    item.append(about);
    if (!isCurrent) item.append(endButton(device, name));
    return item;
  }

  function endButton(device: DeviceSession, name: string): HTMLButtonElement {
    const end = make("button", "Terminate", "danger quiet small");
    end.type = "button";
    end.dataset.busy = "Terminating…";
    end.setAttribute("aria-label", `Terminate ${name}`);
    onPress(end, async (signal) => {
      await telegram.client.devices.terminate(device, { signal });
      await tellEnded(`${name} was logged out.`, signal);
    }, {
      heading: "Terminate this session?",
      text: `${name} will be logged out.`,
      yes: "Terminate",
    });
    return end;
  }

  async function tellEnded(text: string, signal: AbortSignal): Promise<void> {
    announce(text);
    await showDevices(signal);
    element("devices-heading").focus();
  }

  onPress(button("end-others"), async (signal) => {
    await telegram.client.devices.terminateOthers({ signal });
    await tellEnded("All other devices were logged out.", signal);
  }, {
    heading: "Terminate all other sessions?",
    text: "All devices but this one will be logged out.",
    yes: "Terminate",
  });
  onPress(button("log-out"), async (signal) => {
    await telegram.client.signOut({ signal });
    await restart();
    announce("You are logged out.");
  }, {
    heading: "Log out?",
    text: "This device will be logged out of Telegram.",
    yes: "Log out",
  });

  return (user) => {
    const { firstName, lastName, username, phone } = user;
    const name = [firstName, lastName].filter(Boolean).join(" ");
    element("who").textContent = name;
    element("avatar").textContent = initials(firstName, lastName);
    element("names").textContent = [
      username && `@${username}`,
      phone && phoneText(`+${phone}`),
    ].filter(Boolean).join(" · ");
    element("kept").textContent = KEPT[telegram.kept];
    element("devices").replaceChildren();
    button("end-others").hidden = true;
    emptyFiles();
    const signal = show("account");
    announce(`You are logged in as ${name}.`);
    void showDevices(signal);
    showPhoto(signal).catch(() => {}); // the initials stay
    // What has changed meanwhile on other devices, such as the end of this session.
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void showDevices(signal);
    }, { signal });
  };
}

function initials(...names: (string | undefined)[]): string {
  return names.map((name) => [...name ?? ""][0] ?? "").join("").toUpperCase();
}
