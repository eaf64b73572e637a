import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { Outcomes } from "@/api/client";
import { Chart, useTheme } from "@/charts/Chart";
import { Glyph } from "@/components/ui/Glyph";
import { Panel } from "@/components/ui/Panel";
import { axisTime, duration, exact, percent } from "@/lib/format";
import { ATTEMPTS, type Attempt, share, WORDS } from "@/lib/outcome";
import { useNarrow } from "@/lib/screen";
import { buckets, figures, windowShare } from "@/lib/series";
import { useZone } from "@/lib/zone";
import { outcomeChart } from "./outcome-chart";

const HEIGHT = 244;
const ALL: ReadonlySet<Attempt> = new Set(ATTEMPTS);

/** Attempts by outcome over the range, and the share that was not delivered. */
export default function OutcomePanel({ data }: { data: Outcomes }) {
  const [visible, setVisible] = useState<ReadonlySet<Attempt>>(ALL);
  const [isTable, setTable] = useState(false);
  const theme = useTheme();
  const zone = useZone();
  const isNarrow = useNarrow();
  const navigate = useNavigate();
  const { option, unit } = useMemo(
    () => outcomeChart({ data, theme, zone, visible, isNarrow }),
    [data, theme, zone, visible, isNarrow],
  );
  const { now } = figures(data);

  const open = (ms: number) => {
    const start = data.startMs + Math.floor((ms - data.startMs) / data.bucketMs) * data.bucketMs;
    void navigate({
      to: "/mail",
      search: (before) => ({
        ...before,
        from: new Date(start).toISOString(),
        to: new Date(start + data.bucketMs).toISOString(),
      }),
    });
  };
  const choose = (name: Attempt, isToggle: boolean) =>
    setVisible((before) => {
      if (!isToggle) return before.size === 1 && before.has(name) ? ALL : new Set([name]);
      const next = new Set(before);
      if (!next.delete(name)) next.add(name);
      return next.size ? next : ALL;
    });

  return (
    <Panel
      title="Attempts by outcome"
      sub={`${unit}, ${width(data.bucketMs)}`}
      aside={
        <>
          {ATTEMPTS.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={visible.has(name)}
              title={`Only ${WORDS[name].toLowerCase()}; with Ctrl on and off`}
              className={`num flex min-h-6 items-center gap-1.5 rounded-cell px-1 hover:bg-raised max-md:hidden ${visible.has(name) ? "" : "opacity-45"}`}
              onClick={(event) => choose(name, event.ctrlKey || event.metaKey)}
              onKeyDown={(event) => {
                if (event.key === "Escape") setVisible(ALL);
              }}
            >
              <Glyph name={name} />
              {WORDS[name]} <span className="font-number text-text">{percent(windowShare(now, name))}</span>
            </button>
          ))}
          <button
            type="button"
            className="min-h-6 rounded-cell px-1 text-text-3 hover:text-text"
            aria-pressed={isTable}
            onClick={() => setTable(!isTable)}
          >
            {isTable ? "Chart" : "Table"}
          </button>
        </>
      }
    >
      {isTable ? (
        <OutcomeTable data={data} />
      ) : (
        <div className="relative">
          <Chart option={option} label={finding(data)} height={HEIGHT} onPick={open} />
          <span className="pointer-events-none absolute top-[143px] left-11 text-axis text-text-3">
            Not delivered, % of attempts
          </span>
        </div>
      )}
      <div className="flex flex-wrap gap-x-4 px-3.5 pb-3 text-second text-text-2 md:hidden">
        {ATTEMPTS.map((name) => (
          <span key={name} className="num flex items-center gap-1.5">
            <Glyph name={name} /> {WORDS[name]}
          </span>
        ))}
      </div>
    </Panel>
  );
}

const width = (ms: number) => duration(ms).replace(/ 0+[sm]$/, "");

function finding(data: Outcomes): string {
  const { now, range } = figures(data);
  const trouble = (w: typeof now) => share(w.all - w.counts.delivered, w.all);
  return `Attempts by outcome over ${duration(data.toMs - data.fromMs)}: ${exact(range.all)} attempts, ${percent(trouble(range))} not delivered; now ${percent(trouble(now))}.`;
}

function OutcomeTable({ data }: { data: Outcomes }) {
  const zone = useZone();
  return (
    <section
      className="max-h-[244px] overflow-auto px-3.5 pb-3"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus
      tabIndex={0}
      aria-label="Attempts by outcome, as a table"
    >
      <table className="num w-full text-cell">
        <thead className="sticky top-0 bg-surface text-head text-text-3">
          <tr>
            <th className="py-1 text-left font-normal">From</th>
            {ATTEMPTS.map((name) => (
              <th key={name} className="py-1 text-right font-normal">
                {WORDS[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {buckets(data)
            .toReversed()
            .map((bucket) => (
              <tr key={bucket.startMs} className="row-line">
                <td className="py-1">{axisTime(bucket.startMs, zone).label}</td>
                {ATTEMPTS.map((name) => (
                  <td key={name} className="py-1 text-right">
                    {bucket.isKnown ? exact(bucket[name]) : "unknown"}
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}
