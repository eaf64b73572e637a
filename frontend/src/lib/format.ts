/**
 * Numbers, durations and times as the whole page writes them.
 *
 * Units follow a thin space; minus is U+2212; three significant digits above 1,000; zero is `0`, none is `–`.
 */

export const THIN = "\u2009";
export const NONE = "–";
const MINUS = "\u2212";

export interface Figure {
  /** The number itself. */
  value: string;
  /** Its unit, empty when there is none. */
  unit: string;
}

const text = ({ value, unit }: Figure) => (unit ? `${value}${THIN}${unit}` : value);
const sign = (value: string) => value.replace("-", MINUS);

function threeDigits(n: number): string {
  const digits = Math.abs(n) >= 100 ? 0 : Math.abs(n) >= 10 ? 1 : 2;
  return n.toFixed(digits);
}

const SCALES: readonly [number, string][] = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

function scaled(n: number, small: (n: number) => string): Figure {
  for (const [i, [size, prefix]] of SCALES.entries()) {
    // 999.6 k would be written as 1000 k.
    if (Math.abs(n) >= size * 0.9995) {
      const larger = SCALES[i - 1];
      const value = n / size;
      if (Math.abs(value) >= 999.5 && larger)
        return { value: sign(threeDigits(n / larger[0])), unit: larger[1] };
      return { value: sign(threeDigits(value)), unit: prefix };
    }
  }
  return { value: sign(small(n)), unit: "" };
}

/** A count, exact below 1,000 and with three digits above: `940`, `12.4 k`. */
export function countFigure(n: number | null | undefined): Figure {
  if (n == null) return { value: NONE, unit: "" };
  return scaled(n, (small) => String(Math.round(small)));
}
export const count = (n: number | null | undefined) => text(countFigure(n));

/** A count with all its digits: `21,447`. */
export function exact(n: number | null | undefined): string {
  return n == null ? NONE : sign(Math.round(n).toLocaleString("en-US"));
}

/** A rate a second: `2.41 k/s`, `0.4 /s`. */
export function rateFigure(perSecond: number | null | undefined): Figure {
  if (perSecond == null) return { value: NONE, unit: "" };
  const { value, unit } = scaled(perSecond, (n) => (n === 0 ? "0" : n >= 100 ? n.toFixed(0) : n.toFixed(1)));
  return { value, unit: `${unit}/s` };
}
export const rate = (perSecond: number | null | undefined) => text(rateFigure(perSecond));

/** A share of 0 to 1 in percent, one decimal, two below 1 %: `92.3 %`, `0.97 %`. */
export function percentFigure(share: number | null | undefined): Figure {
  if (share == null) return { value: NONE, unit: "" };
  const percent = share * 100;
  if (percent === 0) return { value: "0", unit: "%" };
  if (percent < 0.005) return { value: "<0.01", unit: "%" };
  // Never call it all when it is not, nor the other way round.
  if (percent > 99.95 && percent < 100) return { value: "99.9", unit: "%" };
  return { value: percent.toFixed(percent < 0.995 ? 2 : percent >= 99.95 ? 0 : 1), unit: "%" };
}
export const percent = (share: number | null | undefined) => text(percentFigure(share));

/** A share for a column under a head that says `%`: always one decimal. */
export function percentCell(share: number | null | undefined): string {
  return share == null ? NONE : (share * 100).toFixed(1);
}

/** A difference of shares in points, without its sign: `2.9 pt`. */
export function points(difference: number): string {
  const value = Math.abs(difference * 100);
  return `${value < 0.995 && value > 0 ? value.toFixed(2) : value.toFixed(1)}${THIN}pt`;
}

/** Bytes in powers of 1,000: `48.2 kB`. */
export function bytes(n: number | null | undefined): string {
  if (n == null) return NONE;
  const { value, unit } = scaled(n, (small) => String(Math.round(small)));
  return `${value}${THIN}${unit}B`;
}

/** A duration in at most two units, the second padded: `940 ms`, `2.3 s`, `3m 12s`, `2h 07m`, `9d 4h`. */
export function duration(ms: number | null | undefined): string {
  if (ms == null) return NONE;
  if (ms < 0) return MINUS + duration(-ms);
  if (ms < 999.5) return `${Math.round(ms)}${THIN}ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)}${THIN}s`;
  if (seconds < 59.5) return `${Math.round(seconds)}${THIN}s`;
  const whole = Math.round(seconds);
  const pad = (n: number) => String(Math.floor(n)).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${pad(whole % 60)}s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h ${pad((whole % 3600) / 60)}m`;
  return `${Math.floor(whole / 86_400)}d ${Math.floor((whole % 86_400) / 3600)}h`;
}

/** A duration that is told anew each second, without tenths: `2 s`, `3m 12s`. */
export const wholeSeconds = (ms: number) =>
  ms < 59_500 ? `${Math.max(0, Math.round(ms / 1000))}${THIN}s` : duration(ms);

/** An age in one unit, for lists: `now`, `12s`, `6m`, `2h`, `9d`. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

export type Zone = "utc" | "local";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Parts {
  year: number;
  month: number;
  day: number;
  clock: string;
  clockShort: string;
}

function parts(ms: number, zone: Zone): Parts {
  const date = new Date(ms);
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] =
    zone === "utc"
      ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
      : [date.getHours(), date.getMinutes(), date.getSeconds()];
  return {
    year: zone === "utc" ? date.getUTCFullYear() : date.getFullYear(),
    month: zone === "utc" ? date.getUTCMonth() : date.getMonth(),
    day: zone === "utc" ? date.getUTCDate() : date.getDate(),
    clock: `${two(h)}:${two(m)}:${two(s)}`,
    clockShort: `${two(h)}:${two(m)}`,
  };
}

/** `02:24:10`. */
export const clock = (ms: number, zone: Zone) => parts(ms, zone).clock;

/** `02:24`, and the date where a new day begins: `19 Nov`. */
export function axisTime(ms: number, zone: Zone): { label: string; isDate: boolean } {
  const at = parts(ms, zone);
  return at.clock === "00:00:00"
    ? { label: `${at.day} ${MONTHS[at.month]}`, isDate: true }
    : { label: at.clockShort, isDate: false };
}

/** Today the time only, this year `18 Nov 14:20`, else `3 Mar 2025`. */
export function moment(ms: number, nowMs: number, zone: Zone): string {
  const at = parts(ms, zone);
  const now = parts(nowMs, zone);
  if (at.year === now.year && at.month === now.month && at.day === now.day) return at.clock;
  if (at.year === now.year) return `${at.day} ${MONTHS[at.month]} ${at.clockShort}`;
  return `${at.day} ${MONTHS[at.month]} ${at.year}`;
}

/** ISO 8601 with its offset, for hovers and copies. */
export function iso(ms: number, zone: Zone): string {
  if (zone === "utc") return new Date(ms).toISOString();
  const offset = -new Date(ms).getTimezoneOffset();
  const two = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  const shifted = new Date(ms + offset * 60_000).toISOString().slice(0, -1);
  return `${shifted}${offset < 0 ? "-" : "+"}${two(offset / 60)}:${two(offset % 60)}`;
}
