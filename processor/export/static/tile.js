// One tile: its elements, made once, and what of a message is written into them.
//
// Everything from the server becomes text or a number; nothing of it is ever read as HTML.

import {
  formatCount, formatInterval, formatNumber, formatTarget, formatUnit, isNumber,
} from "./format.js";
import { Scale } from "./scale.js";
import { Spark } from "./spark.js";
import { drawShape, judge, newShape } from "./state.js";

export class Tile {
  root = document.createElement("article");
  judged = { name: "loading", word: "", sentence: "" };
  #parts = {};
  #scale;
  #spark;

  constructor() {
    const { root } = this;
    root.className = "tile";
    const head = this.#part("tile-head", root);
    this.#part("title", head, "h2");
    const state = this.#part("state", head, "p");
    this.#parts.shape = state.appendChild(newShape());
    this.#part("word", state, "span");
    const figure = this.#part("figure", root, "p");
    this.#part("value", figure, "span");
    const aside = this.#part("aside", figure, "span");
    this.#part("unit", aside, "span");
    this.#part("target", aside, "span");
    this.#part("sentence", root, "p");
    this.#spark = new Spark(this.#part("spark", root));
    this.#scale = new Scale(this.#part("scale", root));
    this.#part("interval", root, "p");
    this.#part("count", root, "p");
    this.#part("beside", root, "ul");
  }

  /** `context`: {staleSince_ms, progress, now_ms} as `judge` takes them. */
  draw(tile, context) {
    this.judged = judge(tile, context);
    const { name, word, sentence } = this.judged;
    const changed = this.root.dataset.state !== name;
    this.root.dataset.state = name;
    this.root.dataset.metric = tile.metric;
    this.#parts.title.id = `title-${tile.metric}`;
    this.root.setAttribute("aria-labelledby", this.#parts.title.id);
    drawShape(this.#parts.shape, name);
    const value = formatNumber(tile.value, tile.decimals);
    this.root.classList.toggle("is-long", value.length > 3);
    this.root.classList.toggle("is-alone", !tile.beside?.length);
    this.#write({
      title: tile.title ?? tile.metric, word, sentence, value,
      unit: formatUnit(tile.unit), target: formatTarget(tile),
      interval: formatInterval(tile), count: formatCount(tile.n, tile.counted),
    });
    this.#scale.draw(tile);
    this.#spark.draw(tile, context.now_ms);
    if (changed) this.recolour();
    drawBeside(this.#parts.beside, tile);
  }

  recolour() {
    this.#spark.recolour();
  }

  #part(name, parent, tag = "div") {
    const part = document.createElement(tag);
    part.className = name;
    this.#parts[name] = parent.appendChild(part);
    return part;
  }

  #write(texts) {
    for (const [name, text] of Object.entries(texts)) write(this.#parts[name], text);
  }
}

/** Writes only what changed, so that no screen reader or selection is disturbed every second. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function drawBeside(list, tile) {
  const numbers = Array.isArray(tile.beside) ? tile.beside : [];
  while (list.children.length > numbers.length) list.lastChild.remove();
  while (list.children.length < numbers.length) list.append(newBeside());
  numbers.forEach((number, place) => fillBeside(list.children[place], number, tile.counted));
}

function newBeside() {
  const item = document.createElement("li");
  item.append(newShape());
  for (const name of ["beside-title", "beside-value", "unseen", "beside-detail"]) {
    item.appendChild(document.createElement("span")).className = name;
  }
  return item;
}

function fillBeside(item, number, counted) {
  const [shape, title, value, state, detail] = item.children;
  const { name, word } = judge({ counted, ...number });
  item.dataset.state = name;
  item.title = word;
  write(state, word);
  drawShape(shape, name);
  const unit = isNumber(number.value) ? formatUnit(number.unit) : "";
  write(title, number.title ?? number.metric);
  write(value, `${formatNumber(number.value, number.decimals)} ${unit}`.trim());
  const target = isNumber(number.target) ? formatTarget(number) : "";
  const details = [formatInterval(number), target, formatCount(number.n)];
  write(detail, details.filter(Boolean).join(" \u00b7 "));
}
