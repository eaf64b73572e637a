import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Outcomes, Thresholds } from "@/api/client";
import { type Scope, statusQuery } from "@/api/queries";
import { Sparkline } from "@/charts/Sparkline";
import { LevelGlyph } from "@/components/ui/Glyph";
import { Num } from "@/components/ui/Num";
import { duration, type Figure, NONE, percent, percentFigure, points, rate, rateFigure } from "@/lib/format";
import { type Attempt, type Level, level, share, WORDS } from "@/lib/outcome";
import { isMoving } from "@/lib/range";
import { buckets, drawn, type Figures, figures, perSecond, windowRate, windowShare } from "@/lib/series";
import { useLive } from "@/stream/connection";

const DELIVERED_WARN = 0.95;
const DELIVERED_CRITICAL = 0.8;

/** Six figures about now, each against the whole range. */
export function Tiles({ data, scope }: { data: Outcomes; scope: Scope }) {
  const { data: status } = useQuery(statusQuery);
  const limits = status?.thresholds;
  const found = figures(data);
  const shown = drawn(buckets(data), data.bucketMs);
  const length = duration(data.toMs - data.fromMs)
    .replace(" 00s", "")
    .replace(" 00m", "");
  const window = listWindow(found, scope);
  const tile = (name: Attempt) => {
    const now = windowShare(found.now, name);
    return (
      <ShareTile
        key={name}
        name={name}
        now={now}
        mean={windowShare(found.range, name)}
        length={length}
        level={levelOf(name, now, limits)}
        warn={limits && name !== "delivered" ? limits[`${name}Warn`] : undefined}
        values={shown.map((bucket) => (bucket.isKnown ? share(bucket[name], bucket.all) : null))}
        window={window}
      />
    );
  };
  const accepted = windowRate(found.now, "queued");
  const usual = windowRate(found.range, "queued");
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-6">
      <Tile
        label="Accepted"
        figure={rateFigure(accepted)}
        level="ok"
        delta={<Delta now={accepted} mean={usual} text={relative} base={`vs ${length} mean`} />}
        values={shown.map((bucket) => perSecond(bucket, "queued"))}
        link={<ListLink outcome="queued" window={window} label={`Accepted ${rate(accepted)}`} />}
      />
      {tile("delivered")}
      {tile("deferred")}
      {tile("bounced")}
      {tile("blocked")}
      <BehindTile limits={limits} />
    </div>
  );
}

interface ListWindow {
  from: string;
  to: string | undefined;
}

/** The list that makes a tile's number covers the same time. */
function listWindow(found: Figures, scope: Scope): ListWindow {
  const { fromMs, toMs } = found.now;
  if (isMoving(scope))
    return { from: `-${Math.max(60, Math.round((toMs - fromMs) / 1000))}s`, to: undefined };
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

function ListLink({ outcome, window, label }: { outcome: string; window: ListWindow; label: string }) {
  return (
    <Link
      to="/mail"
      search={(before) => ({ ...before, from: window.from, to: window.to, outcome: [outcome] })}
      aria-label={label}
      className="absolute inset-0 rounded-panel"
    />
  );
}

function levelOf(name: Attempt, value: number | null, limits: Thresholds | undefined): Level {
  if (value === null || !limits) return "ok";
  if (name === "delivered") {
    return value < DELIVERED_CRITICAL ? "critical" : value < DELIVERED_WARN ? "warn" : "ok";
  }
  return level(value, limits[`${name}Warn`], limits[`${name}Critical`]);
}

interface ShareTileProps {
  name: Attempt;
  now: number | null;
  mean: number | null;
  length: string;
  level: Level;
  warn: number | undefined;
  values: (number | null)[];
  window: ListWindow;
}

function ShareTile({ name, now, mean, length, level: at, warn, values, window }: ShareTileProps) {
  const isOver = at === "warn" || at === "critical";
  const ink = isOver ? INKS[name] : "text-text-2";
  return (
    <Tile
      label={WORDS[name]}
      figure={percentFigure(now)}
      level={at}
      delta={
        <Delta
          now={now}
          mean={mean}
          text={(a, b) => points(a - b)}
          base={isOver && warn !== undefined ? `warn above ${percent(warn)}` : `vs ${length} mean`}
          ink={ink}
        />
      }
      values={values}
      tone={isOver && name !== "delivered" ? name : "plain"}
      threshold={isOver ? warn : undefined}
      link={<ListLink outcome={name} window={window} label={`${WORDS[name]} ${percent(now)} of attempts`} />}
    />
  );
}

const INKS: Record<Attempt, string> = {
  delivered: "text-deferred-ink",
  deferred: "text-deferred-ink",
  bounced: "text-bounced-ink",
  blocked: "text-blocked-ink",
};

function BehindTile({ limits }: { limits: Thresholds | undefined }) {
  const behindS = useLive((live) => live.behindS);
  const { data: status } = useQuery(statusQuery);
  const seconds = behindS ?? status?.behindS ?? null;
  const at = limits ? level(seconds, limits.behindWarnS, limits.behindCriticalS) : "ok";
  const [value, unit] = splitDuration(seconds);
  return (
    <Tile
      label="Behind"
      figure={{ value, unit }}
      level={at}
      delta={
        <span>
          {seconds === null
            ? "the broker does not answer"
            : seconds < 1
              ? "figures are up to date"
              : "until stored"}
        </span>
      }
      values={[]}
      link={<Link to="/pipeline" aria-label="Pipeline" className="absolute inset-0 rounded-panel" />}
    />
  );
}

function splitDuration(seconds: number | null): [string, string] {
  if (seconds === null) return [NONE, ""];
  if (seconds < 1) return ["0", "s"];
  const written = duration(seconds * 1000);
  const at = written.indexOf("\u2009");
  return at < 0 ? [written, ""] : [written.slice(0, at), written.slice(at + 1)];
}

const relative = (a: number, b: number) => percent(Math.abs(a / b - 1));

interface DeltaProps {
  now: number | null;
  mean: number | null;
  text: (now: number, mean: number) => string;
  base: string;
  ink?: string;
}

function Delta({ now, mean, text, base, ink = "text-text-2" }: DeltaProps) {
  if (now === null || mean === null || mean === 0)
    return <span>{base.startsWith("vs") ? "no attempts before" : base}</span>;
  const isSame = Math.abs(now - mean) < 1e-4 * Math.max(1, mean);
  return (
    <>
      <span className={`num font-number ${ink}`}>
        {isSame ? "= " : now > mean ? "▲ " : "▼ "}
        {isSame ? "" : text(now, mean)}
      </span>{" "}
      {isSame ? `as ${base.slice(3)}` : base}
    </>
  );
}

interface TileProps {
  label: string;
  figure: Figure;
  level: Level;
  delta: React.ReactNode;
  values: (number | null)[];
  tone?: "plain" | "deferred" | "bounced" | "blocked";
  threshold?: number | undefined;
  link: React.ReactNode;
}

function Tile({ label, figure, level: at, delta, values, tone = "plain", threshold, link }: TileProps) {
  return (
    <div
      className="panel relative h-[89px] px-3.5 pt-2.5 hover:bg-raised"
      data-testid={`tile-${label.toLowerCase()}`}
    >
      <div className="flex items-center justify-between text-second text-text-2">
        {label}
        {at !== "ok" && <LevelGlyph level={at} size={14} />}
      </div>
      <div className="flex items-end justify-between gap-2">
        <Num figure={figure} className="text-tile font-number tracking-[-0.02em] [&>span]:text-verdict" />
        <Sparkline values={values} tone={tone} threshold={threshold} />
      </div>
      <div className="mt-1 truncate text-head text-text-3">{delta}</div>
      {link}
    </div>
  );
}
