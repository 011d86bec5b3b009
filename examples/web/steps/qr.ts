/** Signing in by a QR code, which a phone that is signed in scans. It is renewed before it ends. */
import {
  type Client,
  LoginCancelledError,
  type QrCode,
  qrModules,
  SignInError,
} from "@tessera/mtproto";
import { button, element } from "../elements.ts";
import { announce, sayWrong, show } from "../view.ts";
import type { Flow } from "./flow.ts";

/** The light border around a code, in modules. */
const BORDER = 4;
/** A phone, which cannot scan itself. */
const PHONE = "(pointer: coarse) and (hover: none)";

/** Returns what connects and shows the step. */
export function qrStep(
  { telegram, proceed }: Flow,
  choice: () => { readonly keep: boolean; readonly passphrase: string },
): (signal: AbortSignal) => Promise<void> {
  const frame = element("qr-frame");
  const again = button("qr-again");
  const link = element<HTMLAnchorElement>("qr-link");

  async function run(client: Client, signal: AbortSignal): Promise<void> {
    frame.dataset.state = "waiting";
    again.hidden = true;
    element("qr-code").replaceChildren();
    element("qr-life").textContent = "Asking for a code…";
    const login = client.qrLogin({ signal });
    let stop = (): void => {};
    try {
      for await (const code of login) {
        const rows = await qrModules(code.url) ?? []; // too long for a code: the link stays
        stop();
        draw(rows);
        link.href = code.url;
        element("qr-here").hidden = rows.length > 0 && !matchMedia(PHONE).matches;
        stop = countDown(secondsLeft(client, code), signal);
      }
      const outcome = await login.result;
      if (!signal.aborted) proceed(outcome);
    } catch (error) {
      if (signal.aborted || error instanceof LoginCancelledError) return;
      stop();
      const isExpired = error instanceof SignInError && error.reason === "qrExpired";
      expire(isExpired ? "This code has expired." : "");
      if (!isExpired) sayWrong(element("qr"), error);
      again.hidden = false;
      again.focus();
    } finally {
      stop();
    }
  }

  function draw(rows: readonly boolean[][]): void {
    const isFirst = frame.dataset.state !== "ready";
    frame.dataset.state = "ready";
    element("qr-code").replaceChildren(picture(rows));
    if (isFirst) announce("The QR code is ready.");
  }

  /** Shows the time that a code has left. Returns the function that ends this. */
  function countDown(seconds: number, signal: AbortSignal): () => void {
    const end = performance.now() + seconds * 1000;
    const update = (): void => {
      const left = Math.ceil((end - performance.now()) / 1000);
      if (left > 0) element("qr-life").textContent = `Valid for ${left} s, then renewed`;
      else expire("This code has expired. Getting a new one…");
    };
    const timer = setInterval(update, 1000);
    const stop = (): void => clearInterval(timer);
    signal.addEventListener("abort", stop);
    update();
    return stop;
  }

  function expire(text: string): void {
    frame.dataset.state = "expired";
    element("qr-life").textContent = text;
  }

  let current: Client;
  again.addEventListener("click", () => void run(current, show("qr")));
  return async (signal) => {
    const { keep, passphrase } = choice();
    current = await telegram.begin(keep, passphrase, signal);
    void run(current, show("qr"));
  };
}

/** Returns the seconds that a code is valid, by Telegram's clock. */
function secondsLeft({ session: { state } }: Client, { expires }: QrCode): number {
  const { timeOffset = 0 } = state.dcs.find(({ id }) => id === state.dcId) ?? {};
  return expires - (Date.now() + timeOffset) / 1000;
}

function picture(rows: readonly boolean[][]): SVGSVGElement {
  const size = rows.length + 2 * BORDER;
  const path = rows.flatMap((row, y) =>
    row.map((isDark, x) => isDark ? `M${x + BORDER} ${y + BORDER}h1v1h-1z` : "")
  ).join("");
  const svg = vector("svg", { viewBox: `0 0 ${size} ${size}`, role: "img" });
  svg.setAttribute("aria-label", "QR code for logging in");
  svg.append(
    vector("path", { d: `M0 0h${size}v${size}H0z`, fill: "#fff" }),
    vector("path", { d: path, "shape-rendering": "crispEdges" }),
  );
  return svg;
}

function vector<K extends "svg" | "path">(
  name: K,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
