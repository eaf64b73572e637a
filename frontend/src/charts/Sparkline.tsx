interface Props {
  values: readonly (number | null)[];
  /** Colour of the line and the soft area under it. */
  tone?: "plain" | "deferred" | "bounced" | "blocked";
  threshold?: number | undefined;
  width?: number;
  height?: number;
}

const TONES = {
  plain: { ink: "var(--text-3)", area: "var(--raised)" },
  deferred: { ink: "var(--deferred-ink)", area: "var(--deferred-soft)" },
  bounced: { ink: "var(--bounced-ink)", area: "var(--bounced-soft)" },
  blocked: { ink: "var(--blocked-ink)", area: "var(--blocked-soft)" },
} as const;

const MOST_POINTS = 36;

/** Means of neighbours, so that a small picture shows the course and not the noise. */
export function thinned(values: readonly (number | null)[], most = MOST_POINTS): (number | null)[] {
  const size = Math.ceil(values.length / most);
  if (size <= 1) return [...values];
  const found: (number | null)[] = [];
  // From the end, so that the newest point is a mean of as many as the others.
  for (let end = values.length; end > 0; end -= size) {
    const known = values.slice(Math.max(0, end - size), end).filter((v): v is number => v !== null);
    found.unshift(known.length ? known.reduce((sum, v) => sum + v, 0) / known.length : null);
  }
  return found;
}

/** The course of a figure beside it. Decoration: the figure and its list say the same. */
export function Sparkline({ values: all, tone = "plain", threshold, width = 78, height = 28 }: Props) {
  const values = thinned(all);
  const known = values.filter((v): v is number => v !== null);
  if (known.length < 2) return null;
  const top = Math.max(...known, threshold ?? 0) || 1;
  const low = Math.min(...known);
  // Starts at 0 unless the figure hardly moves, as a share of nearly 100 %.
  const base = low > top * 0.6 ? Math.max(0, low - (top - low) * 1.5) : 0;
  const span = top - base || 1;
  const x = (i: number) => (i / (values.length - 1)) * (width - 4) + 1;
  const y = (v: number) => height - 2 - ((v - base) / span) * (height - 5);
  let line = "";
  let area = "";
  let start: number | null = null;
  let end = 0;
  values.forEach((v, i) => {
    if (v === null) {
      if (start !== null) area += `L${x(end)} ${height}L${x(start)} ${height}Z`;
      start = null;
      return;
    }
    const point = `${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
    line += `${start === null ? "M" : "L"}${point}`;
    area += start === null ? `M${point}` : `L${point}`;
    start ??= i;
    end = i;
  });
  if (start !== null) area += `L${x(end)} ${height}L${x(start)} ${height}Z`;
  const last = values[end];
  const { ink, area: fill } = TONES[tone];
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
      className="shrink-0"
    >
      <path d={area} fill={fill} />
      {threshold !== undefined && threshold <= top && (
        <path
          d={`M0 ${y(threshold)}H${width}`}
          stroke={ink}
          strokeDasharray="1.5 3"
          strokeWidth="1"
          fill="none"
        />
      )}
      <path d={line} fill="none" stroke={ink} strokeWidth="1.4" strokeLinejoin="round" />
      {last != null && <circle cx={x(end)} cy={y(last)} r="1.9" fill={ink} />}
    </svg>
  );
}
