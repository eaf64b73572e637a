import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Copy, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { MailEvent } from "@/api/client";
import { journeyQuery } from "@/api/queries";
import { Glyph } from "@/components/ui/Glyph";
import { Failure, Loading } from "@/components/ui/states";
import { bytes, duration, iso, moment, NONE } from "@/lib/format";
import { useNow } from "@/lib/now";
import { useZone } from "@/lib/zone";
import { glyphOf, keyOf, queueIdOf, receiverOf, wordOf } from "./event";

interface Props {
  /** The event's name in the URL. */
  open: string;
  /** Rows at hand, so that a known event shows at once. */
  known: readonly MailEvent[];
  onClose: () => void;
}

const EDGES: Record<string, string> = {
  delivered: "border-l-delivered-fill",
  deferred: "border-l-deferred-fill",
  bounced: "border-l-bounced-fill",
  blocked: "border-l-blocked-fill",
};

const SOFTS: Record<string, string> = {
  delivered: "bg-delivered-soft text-delivered-ink",
  deferred: "bg-deferred-soft text-deferred-ink",
  bounced: "bg-bounced-soft text-bounced-ink",
  blocked: "bg-blocked-soft text-blocked-ink",
};

/** One event explained, beside its list; `j` and `k` move on while it is open. */
export function EventDrawer({ open, known, onClose }: Props) {
  const { data, error, refetch } = useQuery(journeyQuery(queueIdOf(open)));
  const journey = data?.events.toSorted((a, b) => a.event.timeMs - b.event.timeMs) ?? [];
  const item = known.find((row) => keyOf(row) === open) ?? journey.find((row) => keyOf(row) === open);
  const title = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) onClose();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [onClose]);

  return (
    <aside
      data-drawer
      aria-label="Event"
      className="fixed inset-y-0 right-0 z-40 flex w-[440px] max-w-full flex-col border-line-strong border-l bg-surface shadow-[var(--shadow-overlay)] max-md:pb-14 md:top-12"
    >
      <header className="flex items-start gap-3 border-line border-b px-4 py-3">
        <div className="min-w-0 flex-1">
          {item && <Badge item={item} />}
          <h2 ref={title} className="mt-1.5 truncate text-verdict font-heading">
            {item ? receiverOf(item) : "Event"}
          </h2>
          {item && <Subtitle item={item} />}
        </div>
        <button
          type="button"
          className="control px-2"
          onClick={onClose}
          aria-label="Close"
          title="Close (Esc)"
        >
          <X size={15} aria-hidden />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus */}
      <section className="flex-1 overflow-y-auto" tabIndex={0} aria-label="Event, explained">
        {item ? (
          <Body item={item} journey={journey} open={open} />
        ) : error ? (
          <Failure what="This event" error={error} retry={() => void refetch()} />
        ) : data ? (
          <p className="p-4 text-text-2">
            This event is not stored, or not any more. Its queue id is{" "}
            <code className="mono">{queueIdOf(open)}</code>.
          </p>
        ) : (
          <Loading lines={8} />
        )}
      </section>
      {item && <Verbs item={item} />}
    </aside>
  );
}

function Badge({ item }: { item: MailEvent }) {
  const glyph = glyphOf(item);
  return (
    <span
      className={`inline-flex h-6 items-center gap-1.5 rounded-cell px-2 text-second font-row ${glyph ? SOFTS[glyph] : "bg-raised text-text-2"}`}
    >
      {glyph && <Glyph name={glyph} />}
      {wordOf(item)}
    </span>
  );
}

function Subtitle({ item: { event, providerName } }: { item: MailEvent }) {
  const zone = useZone();
  const now = useNow();
  return (
    <p className="num truncate text-second text-text-2" title={iso(event.timeMs, zone)}>
      {moment(event.timeMs, now, zone)}
      {providerName && ` · ${providerName}`} · {event.host}
      {event.attempt !== null && ` · attempt ${event.attempt}`}
    </p>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-line border-b px-4 py-3 last:border-b-0">
      <h3 className="mb-1.5 text-second font-heading">{title}</h3>
      {children}
    </section>
  );
}

function Body({ item, journey, open }: { item: MailEvent; journey: MailEvent[]; open: string }) {
  const { event } = item;
  return (
    <>
      {event.response && (
        <Section title="Reply">
          <p
            className={`mono rounded-cell border border-line border-l-2 bg-canvas px-3 py-2 text-second break-words ${EDGES[event.outcome ?? ""] ?? ""}`}
          >
            {event.response}
          </p>
        </Section>
      )}
      {item.meaning && (
        <Section title="What it means">
          <p className="text-text-2">{item.meaning}</p>
          {item.advice && <p className="mt-1 text-text-2">{item.advice}</p>}
          {event.permanent !== null && (
            <p className="mt-1 text-text-3">
              {event.permanent ? "The receiver means it for good." : "The receiver means it for now."}
            </p>
          )}
        </Section>
      )}
      {event.bounceClass && (
        <Section title="Class">
          <dl className="grid grid-cols-[84px_1fr] gap-y-1">
            <dt className="text-text-3">Ours</dt>
            <dd>
              <code className="mono">{event.bounceClass}</code>
              {item.classDetail && <span className="text-text-2"> · {item.classDetail}</span>}
            </dd>
            <dt className="text-text-3">ZoneMTA’s</dt>
            <dd>
              <code className="mono">{event.zonemtaCategory ?? NONE}</code>
              {item.categoriesDiffer && <span className="text-deferred-ink"> ≠ differs</span>}
            </dd>
          </dl>
        </Section>
      )}
      <Section title="This message">
        <Journey journey={journey} open={open} />
      </Section>
      <Section title="Facts">
        <Facts item={item} />
      </Section>
    </>
  );
}

function Journey({ journey, open }: { journey: MailEvent[]; open: string }) {
  const zone = useZone();
  const now = useNow();
  if (journey.length === 0) return <p className="text-text-3">Looking for its other events</p>;
  return (
    <ol className="flex flex-col">
      {journey.map((step, i) => {
        const before = journey[i - 1];
        const glyph = glyphOf(step);
        const isOpen = keyOf(step) === open;
        return (
          <li key={keyOf(step)} className="num flex items-center gap-2 py-0.5">
            <span className="grid w-4 place-items-center">
              {glyph ? <Glyph name={glyph} /> : <span className="size-1.5 rounded-full bg-text-3" />}
            </span>
            <Link
              to="."
              search={(all: object) => ({ ...all, event: keyOf(step) }) as never}
              className={`min-w-0 flex-1 truncate hover:underline ${isOpen ? "font-heading" : "text-text-2"}`}
              aria-current={isOpen || undefined}
            >
              {wordOf(step)}
              {step.event.recipient && <span className="text-text-3"> {step.event.recipient}</span>}
            </Link>
            <span className="text-text-3">
              {before
                ? `+${duration(step.event.timeMs - before.event.timeMs)}`
                : moment(step.event.timeMs, now, zone)}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function Facts({ item: { event } }: { item: MailEvent }) {
  const zone = useZone();
  const now = useNow();
  const rows: [string, ReactNode, boolean?][] = [
    ["From", event.sender, true],
    ["To", event.recipient, true],
    ["Queue id", event.seq ? `${event.queueId}.${event.seq}` : event.queueId, true],
    ["Message-ID", event.messageId, true],
    ["Our address", event.sourceIp, true],
    ["MX", event.mx && event.mxIp ? `${event.mx} (${event.mxIp})` : (event.mx ?? event.mxIp), true],
    ["Zone, pool", [event.zone, event.pool].filter(Boolean).join(", ") || null],
    ["Account", event.mailbox, true],
    ["Client", event.clientIp, true],
    ["Since queued", event.queuedMs === null ? null : duration(event.queuedMs)],
    ["Took", event.deliveryMs === null ? null : duration(event.deliveryMs)],
    ["Next attempt", event.nextAttemptMs === null ? null : moment(event.nextAttemptMs, now, zone)],
    ["Size", event.size === null ? null : bytes(event.size)],
    ["TLS", event.tls],
    [
      "Received",
      event.receivedMs === null
        ? null
        : `${moment(event.receivedMs, now, zone)}${event.timeSuspect ? ", its own time was not credible" : ""}`,
    ],
  ];
  return (
    <dl className="grid grid-cols-[104px_minmax(0,1fr)] gap-y-1">
      {rows
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([term, value, isMono]) => (
          <div key={term} className="contents">
            <dt className="text-text-3">{term}</dt>
            <dd className={`break-words ${isMono ? "mono text-second" : "num"}`}>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Verbs({ item }: { item: MailEvent }) {
  const [isCopied, setCopied] = useState(false);
  const { event } = item;
  const copy = async () => {
    await navigator.clipboard.writeText(JSON.stringify(item, null, 2));
    setCopied(true);
    setTimeout(() => setCopied(false), 2_000);
  };
  return (
    <footer className="flex items-center gap-2 border-line border-t px-4 py-3">
      {event.replyTemplate && (
        <Link to="/mail" className="control" search={{ template: [event.replyTemplate] }}>
          Same reply
        </Link>
      )}
      {event.sourceIp && (
        <Link to="/mail" className="control" search={{ sourceIp: [event.sourceIp] }}>
          Same address
        </Link>
      )}
      <button type="button" className="control ml-auto" onClick={() => void copy()}>
        <Copy size={14} aria-hidden /> {isCopied ? "Copied" : "Copy"}
      </button>
    </footer>
  );
}
