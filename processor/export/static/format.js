// Numbers and instants into the words on the wall. Pure: no document, no clock but `now_ms`.

const MINUS = "\u2212";
const NONE = "\u2013"; // an en dash: there is no number, which is not the number nought
const UNITS = { points: "points", percent: "%", seconds: "s", count: "" };
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const { second, ...MINUTE } = CLOCK;
const DAY = { day: "numeric", month: "short", ...MINUTE };

export const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

export function formatNumber(value, decimals = 0) {
  if (!isNumber(value)) return NONE;
  const digits = Math.min(Math.max(Math.trunc(decimals) || 0, 0), 3);
  const rounded = Number(value.toFixed(digits)) + 0; // `+ 0` makes of -0 a plain 0
  const text = rounded.toLocaleString("en", {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
  return text.replace("-", MINUS);
}

export const formatUnit = (unit) => UNITS[unit] ?? "";

export function formatInterval({ lower, upper, decimals }) {
  if (!isNumber(lower) || !isNumber(upper)) return "";
  return `${formatNumber(lower, decimals)} to ${formatNumber(upper, decimals)}`;
}

/** "312 answers", "1 answer"; "n 312" where it is not said what is counted. */
export function formatCount(n, counted) {
  if (!isNumber(n)) return "";
  if (!counted) return `n ${formatNumber(n)}`;
  return `${formatNumber(n)} ${n === 1 ? counted.replace(/s$/, "") : counted}`;
}

export function formatTarget({ target, decimals }) {
  if (!isNumber(target)) return "no target";
  return `target ${formatNumber(target, Number.isInteger(target) ? 0 : decimals)}`;
}

/** "14:32:07" today, "21 Nov, 14:32" on another day, in the time zone of whoever looks. */
export function formatInstant(instant_ms, now_ms) {
  const instant = new Date(instant_ms);
  const today = instant.toDateString() === new Date(now_ms).toDateString();
  return instant.toLocaleString("en-GB", today ? CLOCK : DAY);
}
