// The frame around the tiles: windows to choose from, as-of, the state of the link, the foot.

import { addressOf } from "./address.js";
import { formatInstant, isNumber } from "./format.js";
import { percent } from "./state.js";

const LINK_WORDS = { connecting: "Connecting", live: "Live", lost: "No connection" };
const VIEW_WORDS = { rebuilding: "Rebuilding", stale: "Stale", down: "No data" };
const NO_INSTANT = "--:--:--";

const part = (id) => document.getElementById(id);

/** `current` is null as long as the server has not said which window it shows. */
export function drawWindows(windows, current) {
  const nav = part("windows");
  const isListed = current === null || windows.includes(current);
  const names = isListed ? windows : [...windows, current];
  if (nav.textContent !== names.join("")) {
    nav.replaceChildren(...names.map((name) => {
      const link = document.createElement("a");
      link.textContent = name;
      link.dataset.window = name;
      return link;
    }));
  }
  for (const link of nav.children) {
    link.href = addressOf(link.dataset.window);
    if (link.dataset.window === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  document.title = current === null ? "CX Pulse" : `${current} \u00b7 CX Pulse`;
}

/** The link's state (live, connecting, lost), or the view's trouble while the link works. */
export function drawLink(link, view) {
  const isTroubled = link === "live" && Object.hasOwn(VIEW_WORDS, view?.state ?? "");
  const trouble = isTroubled ? view.state : null;
  const progress = trouble && isNumber(view.progress) ? ` ${percent(view.progress)}` : "";
  part("link").dataset.link = trouble ?? link;
  const word = trouble ? VIEW_WORDS[trouble] + progress : LINK_WORDS[link];
  if (part("link-word").textContent !== word) part("link-word").textContent = word;
  part("notice").textContent = trouble ? view.text || "" : "";
}

/** The board is as old as the oldest tile that is not stale; those that are say so themselves. */
export function drawAsOf(tiles, isStale, now_ms) {
  const instants = (some) => some.map((tile) => tile.as_of_ms).filter(isNumber);
  const fresh = instants(tiles.filter((tile) => !isStale(tile)));
  const all = instants(tiles);
  const time = part("as-of");
  if (tiles.some((tile) => tile.state === "loading")) return; // it is about to be told
  if (all.length === 0) {
    time.removeAttribute("datetime");
    time.textContent = NO_INSTANT;
    return;
  }
  const as_of_ms = fresh.length ? Math.min(...fresh) : Math.max(...all);
  time.dateTime = new Date(as_of_ms).toISOString();
  time.textContent = formatInstant(as_of_ms, now_ms);
}

export function drawVersion(version) {
  part("version").textContent = version ? `version ${version}` : "";
}
