// The course of a number: a line in its interval's band, and the target as a dashed line.

import { formatInstant, formatNumber, isNumber } from "./format.js";

const SPAN_MIN = 10; // in units of the metric: noise of a point or two is no mountain
const [LOWER, UPPER, VALUE] = [1, 2, 3]; // the series' places in the plot

export class Spark {
  #root;
  #plot = null;
  #drawn = "";

  constructor(root) {
    this.#root = root;
    root.setAttribute("role", "img");
    new ResizeObserver(() => this.#plot?.setSize(sizeOf(root))).observe(root);
  }

  draw({ series, target, decimals }, now_ms) {
    const rows = (Array.isArray(series) ? series : []).filter((row) => isNumber(row?.[0]));
    this.#describe(rows, decimals, now_ms);
    if (!globalThis.uPlot) return; // the numbers stand without it
    const columns = columnsOf(rows, target);
    this.#plot ??= new globalThis.uPlot(options(this.#root), columns, this.#root);
    const drawn = JSON.stringify(columns);
    if (drawn !== this.#drawn) this.#plot.setData(columns);
    this.#drawn = drawn;
  }

  /** Draws again with the colours that hold now. */
  recolour() {
    this.#plot?.redraw(false);
  }

  #describe(rows, decimals, now_ms) {
    const values = rows.filter((row) => isNumber(row[1]));
    const [from, to] = [values[0], values.at(-1)].map((row) => formatNumber(row?.[1], decimals));
    this.#root.setAttribute("aria-label", values.length
      ? `Since ${formatInstant(values[0][0], now_ms)}: from ${from} to ${to}`
      : "No course yet");
  }
}

/** [instants, lower, upper, value, target], one array each, as uPlot takes them. */
function columnsOf(rows, target) {
  const column = (place) => rows.map((row) => (isNumber(row[place]) ? row[place] : null));
  const goal = isNumber(target) ? target : null;
  return [rows.map((row) => row[0]), column(2), column(3), column(1), rows.map(() => goal)];
}

function options(root) {
  const colour = (name) => () => getComputedStyle(root).getPropertyValue(name).trim();
  const line = (name, rest) => ({ stroke: colour(name), points: { show: false }, ...rest });
  const thick = Math.max(1.5, Number.parseFloat(getComputedStyle(root).fontSize) / 16);
  return {
    ...sizeOf(root),
    padding: [8, 10, 8, 2],
    cursor: { show: false },
    legend: { show: false },
    axes: [{ show: false }, { show: false }],
    scales: { x: { time: false }, y: { range: (plot) => rangeOf(plot.data) } },
    bands: [{ series: [UPPER, LOWER], fill: colour("--band") }],
    series: [
      {},
      line("--none", { width: 0 }),
      line("--none", { width: 0 }),
      line("--line", { width: thick }),
      line("--target", { width: thick / 1.5, dash: [2.5 * thick, 2 * thick] }),
    ],
    hooks: { draw: [(plot) => drawLast(plot, colour("--line")(), 1.6 * thick)] },
  };
}

function rangeOf(columns) {
  const numbers = columns.slice(LOWER).flat().filter(isNumber);
  const [low, high] = numbers.length ? [Math.min(...numbers), Math.max(...numbers)] : [0, 1];
  const missing = Math.max(SPAN_MIN - (high - low), 0) / 2;
  return [low - missing, high + missing];
}

/** The newest number as a dot: where the line ends is what the tile says. */
function drawLast(plot, colour, radius) {
  const last = plot.data[VALUE].findLastIndex(isNumber);
  if (last < 0) return;
  const { ctx } = plot;
  ctx.fillStyle = colour;
  ctx.beginPath();
  const at = (series, axis) => plot.valToPos(plot.data[series][last], axis, true);
  ctx.arc(at(0, "x"), at(VALUE, "y"), radius * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fill();
}

function sizeOf({ clientWidth, clientHeight }) {
  return { width: Math.max(clientWidth, 20), height: Math.max(clientHeight, 20) };
}
