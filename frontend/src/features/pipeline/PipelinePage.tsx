import { useQuery } from "@tanstack/react-query";
import { Skull } from "lucide-react";
import type { ReactNode } from "react";
import type { Pipeline } from "@/api/client";
import { pipelineQuery, statusQuery } from "@/api/queries";
import { Glyph, type GlyphName } from "@/components/ui/Glyph";
import { Panel } from "@/components/ui/Panel";
import { Empty, Failure, Loading, StaleNote } from "@/components/ui/states";
import { age, bytes, count, duration, exact, moment, NONE, percent, rate } from "@/lib/format";
import { level } from "@/lib/outcome";
import { useZone } from "@/lib/zone";

const FULL_WARN = 0.5;
const FULL_CRITICAL = 0.8;

const HOLDS: Record<string, string> = {
  MAIL: "Mail events on their way to the database",
  HOST: "Samples of agents",
  AUDIT: "What MongoDB’s change streams saw",
  LOG: "Log lines; the oldest leave first",
  FACT: "Facts for other tools to tap, 14 days",
  JOB: "Schedules and their ticks",
  DEAD: "Dead letters, 30 days",
};

/** The road of an event, and what got lost on it. */
export function PipelinePage() {
  const { data, error, refetch, dataUpdatedAt } = useQuery(pipelineQuery);
  if (!data) {
    return (
      <section className="panel">
        {error ? (
          <Failure what="The pipeline" error={error} retry={() => void refetch()} />
        ) : (
          <Loading lines={10} />
        )}
      </section>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <Sentence data={data} />
      {error && <StaleNote since={dataUpdatedAt} />}
      <div className="grid gap-3 lg:grid-cols-12">
        <div className="flex min-w-0 flex-col gap-3 lg:col-span-8">
          <StreamsPanel data={data} />
          <DeadPanel data={data} />
        </div>
        <div className="grid content-start gap-3 md:grid-cols-2 lg:col-span-4 lg:grid-cols-1">
          <WriterPanel data={data} />
          <DatabasePanel data={data} />
        </div>
      </div>
    </div>
  );
}

function Sentence({ data }: { data: Pipeline }) {
  const { data: status } = useQuery(statusQuery);
  const behindS = data.broker?.writer.behindS ?? null;
  const limits = status?.thresholds;
  const at =
    behindS === null || !limits ? "unknown" : level(behindS, limits.behindWarnS, limits.behindCriticalS);
  const glyph: GlyphName =
    data.failures.length || at === "unknown" ? "unknown" : at === "ok" ? "delivered" : at;
  const text = data.failures.length
    ? data.failures.join(" ")
    : behindS === null || behindS < 1
      ? "Events are stored as they come."
      : `The writer is ${duration(behindS * 1000)} behind; figures on all screens are that old.`;
  return (
    <p className="flex items-center gap-2.5 py-1 text-verdict">
      <Glyph name={glyph} size={17} />
      <strong className="font-heading">{text}</strong>
    </p>
  );
}

function Unknown({ what }: { what: string }) {
  return (
    <p className="flex items-center gap-2 px-3.5 pb-3.5 text-text-2">
      <Glyph name="unknown" /> {what}
    </p>
  );
}

function StreamsPanel({ data }: { data: Pipeline }) {
  return (
    <Panel title="Streams" sub="JetStream, bytes uncompressed">
      {data.broker ? (
        <div className="overflow-x-auto">
          <table className="num w-full text-cell" data-testid="streams">
            <thead className="text-head text-text-3">
              <tr className="border-line border-b">
                <th className="h-7 pl-3.5 text-left font-normal">Stream</th>
                <th className="h-7 text-left font-normal max-md:hidden">Holds</th>
                <th className="h-7 text-right font-normal">Messages</th>
                <th className="h-7 pl-3 text-right font-normal max-md:hidden">Oldest</th>
                <th className="h-7 pl-3 text-right font-normal max-md:hidden">Bytes</th>
                <th className="h-7 w-[22%] px-3.5 text-left font-normal">Full</th>
              </tr>
            </thead>
            <tbody>
              {data.broker.streams.map((stream) => (
                <tr key={stream.name} className="row-line h-[27px] first:border-t-0">
                  <th scope="row" className="pl-3.5 text-left font-row">
                    {stream.name}
                  </th>
                  <td className="truncate pr-3 text-text-3 max-md:hidden">{HOLDS[stream.name]}</td>
                  <td className="text-right">{exact(stream.messages)}</td>
                  <td className="pl-3 text-right text-text-2 max-md:hidden">
                    {stream.oldestMs === null ? NONE : age(data.asOfMs - stream.oldestMs)}
                  </td>
                  <td className="pl-3 text-right text-text-2 max-md:hidden">{bytes(stream.bytes)}</td>
                  <td className="px-3.5">
                    <Full share={stream.share} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Unknown what="The broker does not answer." />
      )}
    </Panel>
  );
}

function Full({ share }: { share: number | null }) {
  const at = level(share, FULL_WARN, FULL_CRITICAL);
  const fill = at === "critical" ? "bg-bounced-fill" : at === "warn" ? "bg-deferred-fill" : "bg-text-3";
  return (
    <span className="flex items-center gap-2">
      <span className="h-1 flex-1 overflow-hidden rounded-full bg-raised" aria-hidden="true">
        <span className={`block h-full ${fill}`} style={{ width: `${Math.min(1, share ?? 0) * 100}%` }} />
      </span>
      <span className="w-14 text-right text-text-2">{percent(share)}</span>
    </span>
  );
}

function DeadPanel({ data }: { data: Pipeline }) {
  const zone = useZone();
  const dead = data.broker?.dead ?? [];
  return (
    <Panel title="Dead letters" sub="what could not be taken in, by its reason">
      {!data.broker ? (
        <Unknown what="The broker does not answer." />
      ) : dead.length === 0 ? (
        <Empty icon={Skull} title="No dead letters">
          An event or batch that cannot be stored is set aside here with its reason; the rest goes on.
        </Empty>
      ) : (
        <>
          <table className="num w-full text-cell" data-testid="dead">
            <thead className="text-head text-text-3">
              <tr className="border-line border-b">
                <th className="h-7 pl-3.5 text-left font-normal">Reason</th>
                <th className="h-7 text-left font-normal">Stream</th>
                <th className="h-7 text-right font-normal">Letters</th>
                <th className="h-7 pl-3 text-right font-normal">Last</th>
                <th className="h-7 px-3.5 text-left font-normal max-md:hidden">Newest example</th>
              </tr>
            </thead>
            <tbody>
              {dead.map((group) => (
                <tr key={`${group.stream}${group.reason}`} className="row-line h-[27px] first:border-t-0">
                  <th scope="row" className="pl-3.5 text-left font-row">
                    <span className="flex items-center gap-2">
                      <Glyph name="warn" /> {group.reason}
                    </span>
                  </th>
                  <td className="text-text-2">{group.stream}</td>
                  <td className="text-right">{exact(group.count)}</td>
                  <td className="pl-3 text-right text-text-2">{moment(group.lastMs, data.asOfMs, zone)}</td>
                  <td className="max-w-0 truncate px-3.5 text-text-2 max-md:hidden" title={group.example}>
                    {group.example}
                    {group.host && <span className="text-text-3"> · {group.host}</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="border-line border-t px-3.5 py-2.5 text-second text-text-3">
            <code className="mono text-text-2">wildwatch dead list</code> shows them whole;{" "}
            <code className="mono text-text-2">wildwatch dead replay</code> sends them again once the cause is
            gone.
          </p>
        </>
      )}
    </Panel>
  );
}

function WriterPanel({ data }: { data: Pipeline }) {
  const writer = data.broker?.writer;
  return (
    <Panel title="Writer" sub="stream to database">
      {writer ? (
        <Facts
          rows={[
            ["Behind", writer.behindS < 1 ? "0" : duration(writer.behindS * 1000)],
            ["Not delivered yet", exact(writer.pending)],
            ["Delivered, not stored yet", exact(writer.ackPending)],
            ["Delivered more than once", exact(writer.redelivered)],
          ]}
        />
      ) : (
        <Unknown what="The broker does not answer." />
      )}
    </Panel>
  );
}

function DatabasePanel({ data }: { data: Pipeline }) {
  const zone = useZone();
  const database = data.database;
  return (
    <Panel
      title="Database"
      sub={database ? `TimescaleDB, ${EDITIONS[database.edition] ?? database.edition}` : undefined}
    >
      {database ? (
        <Facts
          rows={[
            ["Stored, last minute", rate(database.eventsLastMinute / 60)],
            [
              "Newest event",
              database.newestEventMs === null ? NONE : moment(database.newestEventMs, data.asOfMs, zone),
            ],
            [
              "Mail events",
              `${bytes(database.eventBytes)} in ${count(database.chunks)} chunk${database.chunks === 1 ? "" : "s"}`,
            ],
            ["Whole database", bytes(database.databaseBytes)],
          ]}
        />
      ) : (
        <Unknown what="The database does not answer." />
      )}
    </Panel>
  );
}

const EDITIONS: Record<string, string> = { apache: "Apache edition", community: "community edition" };

function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <dl className="px-3.5 pb-3">
      {rows.map(([term, value]) => (
        <div
          key={term}
          className="num row-line flex h-[27px] items-center justify-between gap-3 first:border-t-0"
        >
          <dt className="text-text-2">{term}</dt>
          <dd className="font-number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
