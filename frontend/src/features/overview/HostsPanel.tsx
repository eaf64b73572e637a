import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Host } from "@/api/client";
import { hostsQuery, type Scope, statusQuery } from "@/api/queries";
import { Glyph } from "@/components/ui/Glyph";
import { Panel } from "@/components/ui/Panel";
import { Failure, Loading } from "@/components/ui/states";
import { age, percent, rate } from "@/lib/format";
import { isMoving } from "@/lib/range";

/** Hosts that send, how much, and how well; one that fell silent is hatched. */
export function HostsPanel({ scope }: { scope: Scope }) {
  const { data, error, refetch } = useQuery(hostsQuery(scope));
  const { data: status } = useQuery(statusQuery);
  const silentMs = (status?.thresholds.silentS ?? 180) * 1000;
  const isSilent = (row: Host) =>
    isMoving(scope) && data !== undefined && data.toMs - row.lastEventMs > silentMs;
  const silent = data?.hosts.filter(isSilent).length ?? 0;
  return (
    <Panel
      title="Hosts"
      sub="attempts a second"
      aside={
        silent > 0 && (
          <span className="num flex items-center gap-1.5">
            <Glyph name="unknown" /> {silent} silent
          </span>
        )
      }
    >
      {data ? (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(118px,1fr))] gap-2 px-3.5 pb-3.5">
          {data.hosts.map((row) => (
            <li key={row.host}>
              <HostCell
                row={row}
                seconds={(data.toMs - data.fromMs) / 1000}
                now={data.toMs}
                isSilent={isSilent(row)}
              />
            </li>
          ))}
        </ul>
      ) : error ? (
        <Failure what="Hosts" error={error} retry={() => void refetch()} />
      ) : (
        <Loading lines={3} />
      )}
    </Panel>
  );
}

interface CellProps {
  row: Host;
  seconds: number;
  now: number;
  isSilent: boolean;
}

function HostCell({ row, seconds, now, isSilent }: CellProps) {
  const figure = isSilent ? age(now - row.lastEventMs) : rate(row.attempts / seconds);
  return (
    <Link
      to="/"
      search={(before) => ({ ...before, host: row.host })}
      className={`block rounded-control border border-line px-2 py-1.5 hover:bg-raised pointer-coarse:py-3 ${isSilent ? "hatched" : ""}`}
      title={isSilent ? `No events for ${figure}` : `${percent(row.shares.delivered)} delivered`}
    >
      <span
        className={`num flex items-center justify-between gap-2 text-second ${isSilent ? "bg-surface" : ""}`}
      >
        <span className="truncate font-row">{row.host}</span>
        <span className="flex items-center gap-1 text-text-3">
          {isSilent && <Glyph name="unknown" size={12} />}
          {figure}
        </span>
      </span>
      <span className="mt-1.5 flex h-[3px] overflow-hidden rounded-full bg-raised" aria-hidden="true">
        <Part value={row.shares.delivered} className="bg-text-3" />
        <Part value={row.shares.deferred} className="bg-deferred-fill" />
        <Part value={row.shares.bounced} className="bg-bounced-fill" />
        <Part value={row.shares.blocked} className="bg-blocked-fill" />
      </span>
    </Link>
  );
}

function Part({ value, className }: { value: number | null; className: string }) {
  return value ? <span className={className} style={{ width: `${value * 100}%` }} /> : null;
}
