interface Props {
  /** Shares of 0 to 1; null where there was nothing to share. */
  values: readonly (number | null)[];
  /** Share that has the last colour: fixed, so that pictures compare. */
  max: number;
  label: string;
}

const STEPS = 24;

/** The step of the sequential ramp that stands for a share. */
export const step = (value: number, max: number) =>
  Math.round(STEPS * Math.min(1, Math.max(0, value) / max) ** 0.8);

/** A row of cells, one a bucket of time. */
export function HeatStrip({ values, max, label }: Props) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${values.length} 1`}
      preserveAspectRatio="none"
      shapeRendering="crispEdges"
      className="h-3.5 w-full rounded-[3px] bg-raised"
    >
      {values.map((value, i) =>
        value === null ? null : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place in time
          <rect key={i} x={i} width="1.02" height="1" fill={`var(--seq-${step(value, max)})`} />
        ),
      )}
    </svg>
  );
}

/** The ramp with both ends named. */
export function HeatScale({ max, word }: { max: string; word: string }) {
  return (
    <span className="num flex items-center gap-2 text-axis text-text-3">
      0 %
      <svg
        width="120"
        height="6"
        viewBox="0 0 25 1"
        preserveAspectRatio="none"
        aria-hidden="true"
        className="rounded-[2px]"
      >
        {Array.from({ length: STEPS + 1 }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a colour is its step
          <rect key={i} x={i} width="1.02" height="1" fill={`var(--seq-${i})`} />
        ))}
      </svg>
      {max} {word}
    </span>
  );
}
