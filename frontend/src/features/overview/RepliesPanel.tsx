import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MessageSquareText } from "lucide-react";
import type { Replies } from "@/api/client";
import { repliesQuery, type Scope } from "@/api/queries";
import { Sparkline } from "@/charts/Sparkline";
import { Glyph, type GlyphName } from "@/components/ui/Glyph";
import { Panel } from "@/components/ui/Panel";
import { Empty, Failure, Loading } from "@/components/ui/states";
import { count, moment } from "@/lib/format";
import { useZone } from "@/lib/zone";

const SHOWN = 5;
type Row = Replies["replies"][number];

/** What receivers say, most frequent first. */
export function RepliesPanel({ scope }: { scope: Scope }) {
  const { data, error, refetch } = useQuery(repliesQuery(scope));
  const zone = useZone();
  return (
    <Panel title="What receivers say" sub="replies with changing parts masked">
      {data ? (
        data.replies.length === 0 ? (
          <Empty icon={MessageSquareText} title="No refusals in this range">
            Replies of receivers that defer or refuse mail appear here, grouped by their wording.
          </Empty>
        ) : (
          <ol className="border-line border-t">
            {data.replies.slice(0, SHOWN).map((row) => (
              <ReplyRow key={row.reply.template} row={row} note={firstSeen(row, data, zone)} />
            ))}
          </ol>
        )
      ) : error ? (
        <Failure what="Replies" error={error} retry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </Panel>
  );
}

/** When it was first seen, where that was within the range and not at its start. */
function firstSeen(row: Row, data: Replies, zone: "utc" | "local"): string | null {
  const first = row.reply.firstSeenMs;
  return first > data.fromMs + data.bucketMs * 2 ? `first seen ${moment(first, data.toMs, zone)}` : null;
}

function ReplyRow({ row, note }: { row: Row; note: string | null }) {
  const { reply } = row;
  const others = reply.providers - 1;
  const provider = `${row.providerName ?? "Other receivers"}${others > 0 ? ` and ${others} more` : ""}`;
  const tone = row.outcome as "deferred" | "bounced" | "blocked";
  return (
    <li className="row-line relative flex items-start gap-2.5 px-3.5 py-[7px] first:border-t-0 hover:bg-raised">
      <span className="mt-0.5">
        <Glyph name={row.outcome as GlyphName} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="mono truncate text-second" title={reply.template}>
          {reply.template}
        </p>
        <p className="truncate text-second text-text-3">
          {provider} · {reply.bounceClass ?? "no class"} · {reply.addresses} address
          {reply.addresses === 1 ? "" : "es"}
          {note && <span className="text-text-2"> · {note}</span>}
        </p>
      </div>
      <div className="flex shrink-0 flex-col items-end gap-0.5">
        <span className="num text-second font-number">{count(reply.n)}</span>
        <Sparkline values={row.trend} tone={tone} width={54} height={15} />
      </div>
      <Link
        to="/mail"
        search={(before) => ({ ...before, template: [reply.template] })}
        className="absolute inset-0"
        aria-label={`${count(reply.n)} events with this reply of ${provider}: ${reply.template}`}
      />
    </li>
  );
}
