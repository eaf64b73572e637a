import type { ReactNode } from "react";
import type { Level } from "@/lib/outcome";

export type GlyphName =
  | "delivered"
  | "deferred"
  | "bounced"
  | "blocked"
  | "unknown"
  | "paused"
  | "warming"
  | "warn"
  | "critical";

const OCTAGON = "M5.4 1.5h5.2l3.9 3.9v5.2l-3.9 3.9H5.4l-3.9-3.9V5.4z";
const HEXAGON = "M8 1.2l5.9 3.4v6.8L8 14.8l-5.9-3.4V4.6z";

/** Silhouettes on a 16-unit grid: shape first, colour last. `--cut` is what is cut out of a filled one. */
const SHAPES: Record<GlyphName, ReactNode> = {
  delivered: (
    <>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" />
      <path d="M5 8.2l2.1 2.1L11 6.2" className="cut" />
    </>
  ),
  deferred: (
    <>
      <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" strokeWidth="1.6" />
      <path d="M8 4.8V8l2.2 1.5" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  bounced: (
    <>
      <rect
        x="3.2"
        y="3.2"
        width="9.6"
        height="9.6"
        rx="1.6"
        transform="rotate(45 8 8)"
        fill="currentColor"
      />
      <path d="M6.2 6.2l3.6 3.6M9.8 6.2L6.2 9.8" className="cut" />
    </>
  ),
  blocked: (
    <>
      <path d={OCTAGON} fill="currentColor" />
      <path d="M4.9 8h6.2" className="cut" style={{ strokeWidth: 2 }} />
    </>
  ),
  unknown: (
    <>
      <circle
        cx="8"
        cy="8"
        r="5.9"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeDasharray="2.4 2.2"
      />
      <path
        d="M6.5 6.6a1.55 1.55 0 1 1 2.3 1.35c-.55.3-.8.6-.8 1.15M8 11v.1"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.3"
        strokeLinecap="round"
      />
    </>
  ),
  paused: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="3" fill="currentColor" />
      <path d="M6.3 5.2v5.6M9.7 5.2v5.6" className="cut" />
    </>
  ),
  warming: (
    <>
      <path d="M8 1.8l6.6 11.9H1.4z" fill="currentColor" />
      <path d="M8 11.7V7.2M6.2 8.8L8 7l1.8 1.8" className="cut" />
    </>
  ),
  warn: (
    <>
      <circle cx="8" cy="8" r="6.5" fill="currentColor" />
      <path d="M8 4.6v4M8 11.3v.1" className="cut" style={{ strokeWidth: 1.9 }} />
    </>
  ),
  critical: (
    <>
      <path d={HEXAGON} fill="currentColor" />
      <path d="M8 4.6v4M8 11.3v.1" className="cut" style={{ strokeWidth: 1.9 }} />
    </>
  ),
};

const INK: Record<GlyphName, string> = {
  delivered: "text-delivered-ink",
  deferred: "text-deferred-ink",
  bounced: "text-bounced-ink",
  blocked: "text-blocked-ink",
  unknown: "text-unknown-ink",
  paused: "text-paused-ink",
  warming: "text-warming-ink",
  warn: "text-deferred-ink",
  critical: "text-bounced-ink",
};

interface Props {
  name: GlyphName;
  size?: number;
  /** Only where no word beside it says the same. */
  label?: string;
}

export function Glyph({ name, size = 14, label }: Props) {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: named by aria-label, or hidden beside the word that says the same
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      className={`glyph shrink-0 ${INK[name]}`}
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
    >
      {SHAPES[name]}
    </svg>
  );
}

const LEVELS = { ok: "delivered", warn: "warn", critical: "critical", unknown: "unknown" } as const;
const LEVEL_WORDS = { ok: "Well", warn: "Warning", critical: "Critical", unknown: "Unknown" } as const;

export function LevelGlyph({ level, size = 16 }: { level: Level; size?: number }) {
  return <Glyph name={LEVELS[level]} size={size} label={LEVEL_WORDS[level]} />;
}
