// When a number may no longer be believed: decided here, by this device's clock as well.
//
// A server that hangs cannot say so. Ages are measured against the server's own clock as
// it was last told, carried on by this device's monotonic clock, so that a wallboard whose
// wall clock is wrong is neither always stale nor never.

export const SILENCE_MS = 10_000; // ten missed messages; the stream sends about one a second
const AGE_MAX_MS = 30_000; // until the server says from which age it calls a number stale

/** The server's clock as this device can know it; it never runs backwards within one link. */
export class ServerClock {
  #offset_ms = -Infinity;
  #heard_ms = performance.now(); // silence before the first word is counted from the start

  /** `isNewLink`: another server may answer now, so what the last one told is forgotten. */
  tell(now_ms, isNewLink) {
    this.#heard_ms = performance.now();
    const offset_ms = now_ms - this.#heard_ms;
    this.#offset_ms = isNewLink ? offset_ms : Math.max(this.#offset_ms, offset_ms);
  }

  get silent() {
    return performance.now() - this.#heard_ms >= SILENCE_MS;
  }

  get now_ms() {
    return performance.now() + this.#offset_ms;
  }
}

/** The instant since which the tile is stale, or null while it may be believed.
 *
 * `message`: the last one; its `heard_ms` dates a tile that does not know its as-of. */
export function staleSince(tile, clock, { heard_ms, stale_after_ms }) {
  if (tile.state === "loading") return null; // it holds no number yet
  const since_ms = tile.as_of_ms ?? heard_ms;
  const ageMax_ms = stale_after_ms ?? AGE_MAX_MS;
  if (clock.silent) return since_ms;
  if (tile.state === "rebuilding") return null; // it reads history: its as-of is old by nature
  return clock.now_ms - since_ms > ageMax_ms ? since_ms : null;
}
