import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { ArrowDown } from "lucide-react";
import type { Provider, Thresholds } from "@/api/client";
import { providersQuery, type Scope, statusQuery } from "@/api/queries";
import { HeatScale, HeatStrip } from "@/charts/HeatStrip";
import { Glyph, type GlyphName } from "@/components/ui/Glyph";
import { Panel } from "@/components/ui/Panel";
import { Failure, Loading, StaleNote } from "@/components/ui/states";
import { duration, NONE, percent, percentCell } from "@/lib/format";
import { share } from "@/lib/outcome";

/** A share of deferrals that has the last colour of the ramp, on every screen and day. */
const HEAT_MAX = 0.4;

const SORTS = ["attempts", "delivered", "deferred", "bounced", "blocked", "p95"] as const;
type Sort = (typeof SORTS)[number];

const HEADS: Record<Sort, string> = {
  attempts: "Attempts/s",
  delivered: "Delivered %",
  deferred: "Deferred %",
  bounced: "Bounced %",
  blocked: "Blocked %",
  p95: "p95",
};
const ON_PHONES = new Set<Sort>(["attempts", "deferred"]);

const figureOf = (row: Provider, sort: Sort): number =>
  sort === "attempts" ? row.attempts : sort === "p95" ? (row.p95Ms ?? -1) : (row.shares[sort] ?? -1);

/** Where mail goes, and who takes it badly. */
export function ProvidersPanel({ scope }: { scope: Scope }) {
  const { data, error, refetch, dataUpdatedAt } = useQuery(providersQuery(scope));
  const { data: status } = useQuery(statusQuery);
  const asked = (useSearch({ strict: false }) as { sort?: string }).sort;
  const sort = SORTS.find((name) => name === asked) ?? "attempts";
  const navigate = useNavigate();
  const by = (next: Sort) =>
    navigate({
      to: ".",
      search: (before: object) => ({ ...before, sort: next === "attempts" ? undefined : next }) as never,
    });
  return (
    <Panel
      title="Providers"
      sub={
        data ? `last ${duration(data.toMs - data.fromMs).replace(/ 0+[sm]$/, "")}, per attempt` : undefined
      }
      aside={
        <>
          {error && data && <StaleNote since={dataUpdatedAt} />}
          <span className="max-md:hidden">
            <HeatScale max="40 %" word="deferred" />
          </span>
        </>
      }
    >
      {data ? (
        <div className="overflow-x-auto">
          <table className="num w-full text-cell" data-testid="providers">
            <thead className="text-head text-text-3">
              <tr className="border-line border-b">
                <th scope="col" className="h-7 pl-3.5 text-left font-normal">
                  Provider
                </th>
                {SORTS.map((name) => (
                  <th
                    key={name}
                    scope="col"
                    aria-sort={sort === name ? "descending" : "none"}
                    className={`h-7 pl-2 text-right font-normal ${ON_PHONES.has(name) ? "" : "max-md:hidden"}`}
                  >
                    <button
                      type="button"
                      className="inline-flex min-h-6 items-center gap-0.5 hover:text-text"
                      onClick={() => by(name)}
                    >
                      {sort === name && <ArrowDown size={11} aria-hidden />}
                      {HEADS[name]}
                    </button>
                  </th>
                ))}
                <th scope="col" className="h-7 w-[24%] px-3.5 text-left font-normal md:pl-5">
                  Deferred share
                </th>
              </tr>
            </thead>
            <tbody>
              {data.providers
                .toSorted((a, b) => figureOf(b, sort) - figureOf(a, sort) || a.name.localeCompare(b.name))
                .map((row) => (
                  <Row
                    key={row.provider}
                    row={row}
                    seconds={(data.toMs - data.fromMs) / 1000}
                    limits={status?.thresholds}
                  />
                ))}
            </tbody>
          </table>
        </div>
      ) : error ? (
        <Failure what="Providers" error={error} retry={() => void refetch()} />
      ) : (
        <Loading lines={8} />
      )}
    </Panel>
  );
}

interface RowProps {
  row: Provider;
  seconds: number;
  limits: Thresholds | undefined;
}

function Row({ row, seconds, limits }: RowProps) {
  const counts = limits !== undefined && row.attempts >= limits.minAttempts;
  const isOver = (name: "deferred" | "bounced" | "blocked") =>
    counts && (row.shares[name] ?? 0) >= limits[`${name}Warn`];
  const glyph: GlyphName = isOver("blocked")
    ? "blocked"
    : isOver("deferred")
      ? "deferred"
      : isOver("bounced")
        ? "bounced"
        : "delivered";
  const perSecond = row.attempts / seconds;
  const strip = row.strip.attempts.map((n, i) => share(row.strip.deferred[i] ?? 0, n));
  return (
    <tr className="row-line h-[27px] first:border-t-0 hover:bg-raised pointer-coarse:h-11">
      <th scope="row" className="max-w-[180px] truncate pl-3.5 max-md:max-w-[124px] text-left font-row">
        <List provider={row.provider} label={row.name}>
          <span className="flex items-center gap-2">
            <Glyph name={glyph} />
            <span className="truncate">{row.name}</span>
          </span>
        </List>
      </th>
      <td className="pl-2 text-right">{perSecond >= 100 ? Math.round(perSecond) : perSecond.toFixed(1)}</td>
      <Cell row={row} name="delivered" />
      <Cell row={row} name="deferred" isOver={isOver("deferred")} ink="text-deferred-ink" onPhones />
      <Cell row={row} name="bounced" isOver={isOver("bounced")} ink="text-bounced-ink" />
      <Cell row={row} name="blocked" isOver={isOver("blocked")} ink="text-blocked-ink" />
      <td className="pl-2 text-right text-text-2 max-md:hidden">
        {row.p95Ms === null ? NONE : duration(row.p95Ms)}
      </td>
      <td className="px-3.5 md:pl-5">
        <HeatStrip
          values={strip}
          max={HEAT_MAX}
          label={`${row.name}: deferred share over time, now ${percent(strip.findLast((v) => v !== null) ?? null)}`}
        />
      </td>
    </tr>
  );
}

interface CellProps {
  row: Provider;
  name: "delivered" | "deferred" | "bounced" | "blocked";
  isOver?: boolean;
  ink?: string;
  onPhones?: boolean;
}

function Cell({ row, name, isOver = false, ink = "", onPhones = false }: CellProps) {
  const text = percentCell(row.shares[name]);
  const tone = isOver ? `${ink} font-heading` : name === "delivered" ? "" : "text-text-2";
  return (
    <td className={`pl-2 text-right ${tone} ${onPhones ? "" : "max-md:hidden"}`}>
      <List provider={row.provider} outcome={name} label={`${row.name}, ${name} ${text} %`}>
        {text}
      </List>
    </td>
  );
}

interface ListProps {
  provider: string;
  outcome?: string;
  label: string;
  children: React.ReactNode;
}

/** The events that make a number. */
function List({ provider, outcome, label, children }: ListProps) {
  return (
    <Link
      to="/mail"
      aria-label={label}
      className="rounded-cell hover:underline"
      search={(before) => ({ ...before, provider: [provider], ...(outcome ? { outcome: [outcome] } : {}) })}
    >
      {children}
    </Link>
  );
}
