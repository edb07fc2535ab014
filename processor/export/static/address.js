// What the page's address says, and the only module that writes to it.
//
// `?window=1h` names the window (without it the server chooses), `?theme=light` or `?theme=dark` overrules the system's choice.

export function readAddress() {
  const query = new URLSearchParams(location.search);
  return { window: query.get("window") || null, theme: query.get("theme") };
}

/** The address of this page with another window; everything else in it stays. */
export function addressOf(window) {
  const url = new URL(location.href);
  url.searchParams.set("window", window);
  return url.pathname + url.search;
}

export function writeWindow(window) {
  history.pushState(null, "", addressOf(window));
}

/** Dark is the default; light.css follows the system unless the address says otherwise. */
export function applyTheme(theme) {
  const light = document.getElementById("light");
  if (theme === "light") light.media = "all";
  if (theme === "dark") light.media = "not all";
}
