// The interval on the metric's whole range, against the target: is the band on the good side?

import { formatInterval, formatTarget, isNumber } from "./format.js";

const RANGES = { points: [-100, 100], percent: [0, 100] };

export class Scale {
  #root;
  #spans = {};

  constructor(root) {
    this.#root = root;
    root.setAttribute("role", "img");
    for (const part of ["good", "band", "value", "target"]) {
      this.#spans[part] = root.appendChild(document.createElement("span"));
      this.#spans[part].className = `scale-${part}`;
    }
  }

  draw(tile) {
    const { value, lower, upper, target } = tile;
    const [low, high] = rangeOf(tile);
    const share = (number) => (100 * (Math.min(Math.max(number, low), high) - low)) / (high - low);
    const place = (part, from, to = from) => {
      const span = this.#spans[part];
      span.hidden = !isNumber(from) || !isNumber(to);
      if (span.hidden) return;
      span.style.left = `${share(from)}%`;
      span.style.width = part === "good" || part === "band" ? `${share(to) - share(from)}%` : "";
    };
    const isLowGood = tile.good === "down";
    place("good", isLowGood ? low : target, isLowGood ? target : high);
    place("band", lower, upper);
    place("value", value);
    place("target", target);
    const between = formatInterval(tile);
    const interval = between && `95 percent interval ${between}, `;
    const wish = isLowGood ? "lower is better" : "higher is better";
    this.#root.setAttribute("aria-label", `${interval}${formatTarget(tile)}, ${wish}`);
  }
}

/** Fixed where the unit has bounds, so that nothing moves but the numbers; else from nought up. */
function rangeOf({ unit, value, upper, target }) {
  return RANGES[unit] ?? [0, 1.25 * Math.max(...[value, upper, target].filter(isNumber), 1e-9)];
}
