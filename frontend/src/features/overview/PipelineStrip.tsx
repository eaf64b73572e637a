import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { pipelineQuery, statusQuery } from "@/api/queries";
import { Glyph, type GlyphName } from "@/components/ui/Glyph";
import { Panel } from "@/components/ui/Panel";
import { Failure, Loading } from "@/components/ui/states";
import { count, duration, exact, percent, rate } from "@/lib/format";
import { useLive } from "@/stream/connection";

/** Whether Wildwatch itself keeps up, in four figures. */
export function PipelineStrip() {
  const { data, error, refetch } = useQuery(pipelineQuery);
  const { data: status } = useQuery(statusQuery);
  const behindS = useLive((live) => live.behindS);
  const limits = status?.thresholds;
  const mail = data?.broker?.streams.find((stream) => stream.name === "MAIL");
  const behind = behindS ?? data?.broker?.writer.behindS ?? null;
  return (
    <Panel
      title="Pipeline"
      sub="hosts to database"
      aside={
        <Link to="/pipeline" className="hover:underline">
          All
        </Link>
      }
    >
      {data ? (
        <dl className="grid grid-cols-2 gap-x-4 gap-y-2.5 px-3.5 pb-3.5">
          <Fact
            term="Waiting in the stream"
            glyph={
              !mail
                ? "unknown"
                : (mail.share ?? 0) > 0.8
                  ? "critical"
                  : (mail.share ?? 0) > 0.5
                    ? "warn"
                    : null
            }
            value={
              mail
                ? `${count((data.broker?.writer.pending ?? 0) + (data.broker?.writer.ackPending ?? 0))}`
                : "unknown"
            }
            note={mail ? `messages · ${percent(mail.share)} full` : ""}
          />
          <Fact
            term="Writer behind"
            glyph={behind === null ? "unknown" : limits && behind >= limits.behindWarnS ? "warn" : null}
            value={behind === null ? "unknown" : behind < 1 ? "0" : duration(behind * 1000)}
            note={behind !== null && behind < 1 ? "seconds" : ""}
          />
          <Fact
            term="Stored"
            glyph={data.database ? null : "unknown"}
            value={data.database ? rate(data.database.eventsLastMinute / 60) : "unknown"}
            note={data.database ? "events, last minute" : ""}
          />
          <Fact
            term="Dead letters"
            glyph={!data.broker ? "unknown" : data.broker.deadMessages > 0 ? "warn" : null}
            value={data.broker ? exact(data.broker.deadMessages) : "unknown"}
            note={data.broker?.dead[0]?.reason ?? ""}
          />
        </dl>
      ) : error ? (
        <Failure what="The pipeline" error={error} retry={() => void refetch()} />
      ) : (
        <Loading lines={3} />
      )}
    </Panel>
  );
}

interface FactProps {
  term: string;
  value: string;
  note: string;
  glyph: GlyphName | null;
}

function Fact({ term, value, note, glyph }: FactProps) {
  return (
    <div className="min-w-0">
      <dt className="flex items-center gap-1.5 text-second text-text-3">
        {term} {glyph && <Glyph name={glyph} size={12} />}
      </dt>
      <dd className="num truncate">
        <span className="text-verdict font-number">{value}</span>{" "}
        <span className="text-second text-text-3">{note}</span>
      </dd>
    </div>
  );
}
