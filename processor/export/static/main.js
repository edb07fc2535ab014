// The wiring: messages and seconds in, a drawn board out. No shape, word or number is decided here.

import { applyTheme, readAddress, writeWindow } from "./address.js";
import { formatNumber, formatUnit } from "./format.js";
import { ServerClock, staleSince } from "./freshness.js";
import { drawAsOf, drawLink, drawVersion, drawWindows } from "./head.js";
import { Link } from "./link.js";
import { Tile } from "./tile.js";

const TICK_MS = 1_000;

const board = document.getElementById("board");
const clock = new ServerClock();
const tiles = new Map(); // metric -> Tile, in the order of the message
const start = readAddress();
let shown = { window: start.window, windows: [], message: null };
let linkState = "connecting";

const link = new Link({
  onBoard(message, isNewLink) {
    const now_ms = message.now_ms ?? Date.now();
    clock.tell(now_ms, isNewLink);
    shown = {
      window: message.window ?? shown.window,
      windows: Array.isArray(message.windows) ? message.windows : shown.windows,
      message: {
        ...message, heard_ms: now_ms, tiles: message.tiles.filter((tile) => tile?.metric),
      },
    };
    draw();
  },
  onState(state) {
    linkState = state;
    draw();
  },
  onRefused(window) {
    if (window !== null) show(null);
  },
});

function draw() {
  const { window, windows, message } = shown;
  drawWindows(windows, window);
  drawLink(clock.silent ? "lost" : linkState, message?.view);
  if (message === null) return;
  const now_ms = Date.now();
  const staleAt = (tile) => staleSince(tile, clock, message);
  const progress = message.view?.progress ?? null;
  arrange(message.tiles.map((tile) => tile.metric));
  const news = message.tiles.map((tile) => {
    const context = { staleSince_ms: staleAt(tile), progress, now_ms };
    return drawTile(tiles.get(tile.metric), tile, context);
  }).filter(Boolean);
  if (news.length) document.getElementById("news").textContent = news.join(". ");
  drawAsOf(message.tiles, (tile) => staleAt(tile) !== null, now_ms);
  drawVersion(message.version);
  board.setAttribute("aria-busy", String(message.tiles.some((tile) => tile.state === "loading")));
}

/** What to say aloud: the change of a state, and nothing while the numbers merely move. */
function drawTile(drawn, tile, context) {
  const before = drawn.judged.name;
  try {
    drawn.draw(tile, context);
  } catch (error) { // a tile that cannot be read must not freeze the others, nor look alive itself
    console.error(error);
    drawn.draw({ metric: tile.metric, state: "unknown" }, context);
  }
  const { name, word } = drawn.judged;
  if (before === name || [before, name].includes("loading")) return "";
  const number = `${formatNumber(tile.value, tile.decimals)} ${formatUnit(tile.unit)}`;
  return `${tile.title ?? tile.metric}: ${word}, ${number}`;
}

/** Makes, removes and orders the tiles as the message does; those that stay are not touched. */
function arrange(metrics) {
  if ([...tiles.keys()].join() === metrics.join()) return;
  const before = new Map(tiles);
  tiles.clear();
  for (const metric of metrics) tiles.set(metric, before.get(metric) ?? new Tile());
  board.replaceChildren(...[...tiles.values()].map((tile) => tile.root));
}

/** Shows another window; the old numbers go at once, lest they be taken for the new window's. */
function show(window) {
  const emptied = (shown.message?.tiles ?? []).map(({ metric, title, unit, counted }) => (
    { metric, title, unit, counted, state: "loading" }));
  shown = { ...shown, window, message: shown.message && { ...shown.message, tiles: emptied } };
  link.open(window);
}

function choose(window) {
  if (!window || window === shown.window) return;
  writeWindow(window);
  show(window);
}

addEventListener("popstate", () => show(readAddress().window));
document.getElementById("windows").addEventListener("click", (event) => {
  const chosen = event.target.closest("a");
  if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(chosen.dataset.window);
});
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { windows, window } = shown;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step) choose(windows[windows.indexOf(window) + step]);
  else if (/^[1-9]$/.test(event.key)) choose(windows[event.key - 1]);
});
matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => {
  for (const tile of tiles.values()) tile.recolour();
});

applyTheme(start.theme);
setInterval(draw, TICK_MS);
show(shown.window);
