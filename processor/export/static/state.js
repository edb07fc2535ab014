// What a state looks like and is called: one row per state, a shape, a word, a sentence.
//
// A state never speaks by colour alone. The server judges; only "stale" and "loading" are
// found here, since only this device knows them. A shape's `body` is filled with the state's
// colour and its `glyph` drawn on it; with `isHollow` both are outlines.

import { formatInstant } from "./format.js";

const SVG = "http://www.w3.org/2000/svg";
const RING = "M12 1.5a10.5 10.5 0 1 1 0 21a10.5 10.5 0 1 1 0-21z";
const DIAMOND = "M12 .8L23.2 12L12 23.2L.8 12z";
const TRIANGLE = "M12 1.5L23.5 22H.5z";
const SQUARE = "M2 2h20v20H2z";
const DOT = "M12 7.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z";
const ARC = "M20.5 8A9.5 9.5 0 1 0 21.5 12";

// name: [word, body, glyph, isHollow]
const STATES = {
  good: [() => "On target", RING, "M7 12.5l3.5 3.5L17 8.5"],
  plain: [() => "No target", DOT, ""],
  watch: [() => "Watch", DIAMOND, "M7 13c1.6-3 3.4-3 5-1s3.4 2 5-1"],
  bad: [({ good }) => (good === "down" ? "Above target" : "Below target"), TRIANGLE, "M12 9v6M12 18.6v.1"],
  few: [(tile) => `Too few ${counted(tile)}`, RING, "M7 12h.01M12 12h.01M17 12h.01", true],
  incomplete: [() => "Incomplete", RING, "M12 1.5V12h10.5", true],
  none: [(tile) => `No ${counted(tile)} yet`, RING, "M7.5 12h9", true],
  stale: [() => "Stale", RING, "M12 6v6.5l4.5 2.5", true],
  rebuilding: [() => "Rebuilding", ARC, "M21 2.5V8h-5.5", true],
  loading: [() => "Loading", RING, "", true],
  unknown: [() => "Unknown", SQUARE, "M8 12h8", true],
};

const counted = (tile) => tile.counted ?? "answers";

/** {name, word, sentence} of a tile, or of a number beside one. */
export function judge(tile, { staleSince_ms = null, progress = null, now_ms = 0 } = {}) {
  const told = Object.hasOwn(STATES, tile.state ?? "") ? tile.state : "unknown";
  const name = staleSince_ms === null ? told : "stale";
  let sentence = tile.text ?? "";
  if (name === "stale") sentence = `since ${formatInstant(staleSince_ms, now_ms)}`;
  else if (name === "rebuilding" && progress !== null) {
    sentence = `${percent(progress)} of the log is read`;
  } else if (name === "incomplete" && !sentence && tile.coverage != null) {
    sentence = `${percent(tile.coverage)} of the window is there`;
  }
  return { name, word: STATES[name][0](tile), sentence };
}

/** Rounded down: what is nearly complete is not called complete. */
export const percent = (share) => `${Math.floor(share * 100)} %`;

export function newShape() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "shape");
  svg.setAttribute("viewBox", "-1 -1 26 26");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"), document.createElementNS(SVG, "path"));
  return svg;
}

export function drawShape(svg, name) {
  const [, body, glyph, isHollow] = STATES[name];
  svg.dataset.shape = name;
  const classes = isHollow ? ["outline", "outline"] : ["body", "glyph"];
  [body, glyph].forEach((path, place) => {
    svg.children[place].setAttribute("d", path);
    svg.children[place].setAttribute("class", classes[place]);
  });
}
