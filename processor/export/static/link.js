// The link to the server: one stream of board messages per window, kept alive.
//
// EventSource reconnects by itself after a lost connection, but gives up after an HTTP error
// and never notices a half-open one (a television that lost its network for a minute). So
// whoever hears nothing for SILENCE_MS is closed and opened anew, later and later.

import { SILENCE_MS } from "./freshness.js";

const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 10_000; // people stand before the board: it must come back soon

export class Link {
  #window; // null: whichever the server shows to whoever names none
  #onBoard; // (message, isNewLink)
  #onState; // ("live" | "connecting")
  #onRefused; // (window): the server knows no such window
  #source = null;
  #timer = 0;
  #failures = 0;
  #isNew = true;

  constructor({ onBoard, onState, onRefused }) {
    this.#onBoard = onBoard;
    this.#onRefused = onRefused;
    this.#onState = onState;
  }

  open(window) {
    this.close();
    this.#window = window;
    this.#failures = 0;
    this.#connect();
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
  }

  #connect() {
    const query = this.#window === null ? "" : `?window=${encodeURIComponent(this.#window)}`;
    const source = new EventSource(`api/board/stream${query}`);
    this.#source = source;
    this.#isNew = true;
    source.addEventListener("board", (event) => this.#receive(source, event.data));
    source.addEventListener("error", () => {
      if (source !== this.#source) return;
      this.#onState("connecting");
      this.#isNew = true;
      if (source.readyState === EventSource.CLOSED) this.#retry();
    });
    this.#watch();
    this.#peek(source, query);
  }

  /** Asks once for the board: the first paint, and all there is if a proxy holds streams. */
  async #peek(source, query) {
    try {
      const answer = await fetch(`api/board${query}`, { cache: "no-store" });
      if (answer.ok) this.#receive(source, await answer.text());
      else if (source === this.#source && [400, 404].includes(answer.status)) {
        this.#onRefused(this.#window);
      }
    } catch {
      // The stream reports the same failure, and retries.
    }
  }

  #receive(source, text) {
    if (source !== this.#source) return; // of a window that is no longer shown
    const message = parse(text);
    if (message === null) return;
    this.#failures = 0;
    this.#onState("live");
    this.#onBoard(message, this.#isNew);
    this.#isNew = false;
    if (source.readyState !== EventSource.CLOSED) this.#watch();
  }

  #watch() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#retry(), SILENCE_MS);
  }

  #retry() {
    this.close();
    this.#onState("connecting");
    const wait_ms = Math.min(RETRY_MIN_MS * 2 ** this.#failures, RETRY_MAX_MS);
    this.#failures += 1;
    // Half of it by chance, so that a restart does not meet all boards of a building at once.
    this.#timer = setTimeout(() => this.#connect(), wait_ms * (0.5 + Math.random() / 2));
  }
}

/** The message, or null: what cannot be read counts as not heard. */
function parse(text) {
  try {
    const message = JSON.parse(text);
    return Array.isArray(message?.tiles) ? message : null;
  } catch {
    return null;
  }
}
