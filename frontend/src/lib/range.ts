/** The time range of the page: relative (`-6h` until now) or fixed. It lives in the URL as `from` and `to`. */

export interface Range {
  from: string;
  to: string | undefined;
}

export const PRESETS = [
  { from: "-15m", label: "Last 15 min" },
  { from: "-1h", label: "Last 1 h" },
  { from: "-6h", label: "Last 6 h" },
  { from: "-24h", label: "Last 24 h" },
  { from: "-7d", label: "Last 7 d" },
] as const;

export const DEFAULT_FROM = "-1h";

const UNIT_MS: Record<string, number> = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3, w: 604_800e3 };
const RELATIVE = /^-(\d{1,6})([smhdw])$/;

/** Length of a relative `from` in ms, null for anything else. */
export function relativeMs(from: string): number | null {
  const match = RELATIVE.exec(from);
  if (!match) return null;
  const unit = UNIT_MS[match[2] ?? ""];
  return unit === undefined ? null : Number(match[1]) * unit;
}

/** Whether the range ends now and moves with it. */
export const isMoving = (range: Range) => range.to === undefined && relativeMs(range.from) !== null;

/** Both ends in epoch ms; null when the texts are no times. */
export function resolve(range: Range, nowMs: number): { fromMs: number; toMs: number } | null {
  const length = relativeMs(range.from);
  const fromMs = length === null ? parse(range.from) : nowMs - length;
  const toMs = range.to === undefined ? nowMs : parse(range.to);
  return fromMs === null || toMs === null || fromMs >= toMs ? null : { fromMs, toMs };
}

function parse(text: string): number | null {
  const ms = /^\d{9,14}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}

const WORDS: Record<string, string> = { s: "s", m: "min", h: "h", d: "d", w: "weeks" };

/** `Last 6 h` for a relative range, null for another. */
export function relativeLabel(range: Range): string | null {
  const match = range.to === undefined ? RELATIVE.exec(range.from) : null;
  return match ? `Last ${Number(match[1])} ${WORDS[match[2] ?? ""]}` : null;
}

const fixed = (fromMs: number, toMs: number): Range => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

const NEARLY = 0.1;

/** The range moved by half of its length; forwards it becomes relative again when it reaches now. */
export function shift(range: Range, direction: -1 | 1, nowMs: number): Range {
  const at = resolve(range, nowMs);
  if (!at) return range;
  const length = at.toMs - at.fromMs;
  const by = (length / 2) * direction;
  // Time went on since the range was fixed: what ends nearly now is meant to end now.
  if (at.toMs + by >= nowMs - length * NEARLY) {
    const preset = PRESETS.find((p) => relativeMs(p.from) === length);
    return preset
      ? { from: preset.from, to: undefined }
      : { from: `-${Math.round(length / 1e3)}s`, to: undefined };
  }
  return fixed(at.fromMs + by, at.toMs + by);
}

/** The next longer preset, or twice the length of a fixed range. */
export function zoomOut(range: Range, nowMs: number): Range {
  const at = resolve(range, nowMs);
  if (!at) return range;
  const length = at.toMs - at.fromMs;
  if (isMoving(range)) {
    const longer = PRESETS.find((p) => (relativeMs(p.from) ?? 0) > length);
    return longer ? { from: longer.from, to: undefined } : range;
  }
  return fixed(at.fromMs - length / 2, Math.min(nowMs, at.toMs + length / 2));
}
