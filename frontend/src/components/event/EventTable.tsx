import { Inbox } from "lucide-react";
import type { CSSProperties, MouseEvent, ReactNode } from "react";
import type { MailEvent } from "@/api/client";
import type { FilterName } from "@/app/search";
import { Glyph } from "@/components/ui/Glyph";
import { iso, moment, NONE } from "@/lib/format";
import { useZone } from "@/lib/zone";
import { glyphOf, keyOf, receiverOf, wordOf } from "./event";

/** Domain and time on phones; all of it from 1,200 px. */
const COLUMNS =
  "grid items-center gap-x-3 px-3.5 grid-cols-[minmax(0,1fr)_minmax(0,auto)_auto] md:grid-cols-[84px_minmax(110px,1fr)_120px_150px_minmax(0,2.2fr)] lg:grid-cols-[92px_minmax(130px,1fr)_124px_168px_112px_124px_34px_minmax(0,3.2fr)]";

const HEADS: readonly (readonly [string, string])[] = [
  ["Time", "max-md:order-3 max-md:text-right"],
  ["Receiver", "max-md:order-1"],
  ["Provider", "max-md:hidden"],
  ["Class", "max-md:order-2"],
  ["ZoneMTA", "max-lg:hidden"],
  ["Address", "max-lg:hidden"],
  ["Try", "max-lg:hidden text-right"],
  ["Reply", "max-md:hidden"],
];

export type OnFilter = (name: FilterName, value: string, isNegative: boolean) => void;

export function EventHead() {
  return (
    <div role="row" className={`${COLUMNS} h-7 border-line border-b bg-surface text-head text-text-3`}>
      {HEADS.map(([head, className]) => (
        <span key={head} role="columnheader" className={className}>
          {head}
        </span>
      ))}
    </div>
  );
}

interface Props {
  item: MailEvent;
  nowMs: number;
  isSelected: boolean;
  onOpen: (item: MailEvent) => void;
  /** Cells that can be filtered by become buttons. */
  onFilter?: OnFilter | undefined;
  style?: CSSProperties;
  index?: number;
}

/** One event: what, when, to whom, why, and the receiver's own words. */
export function EventRow({ item, nowMs, isSelected, onOpen, onFilter, style, index }: Props) {
  const zone = useZone();
  const { event } = item;
  const glyph = glyphOf(item);
  const cell = (name: FilterName, value: string | null, text?: ReactNode) => (
    <FilterCell name={name} value={value} onFilter={onFilter}>
      {text ?? value ?? NONE}
    </FilterCell>
  );
  return (
    <div
      role="row"
      tabIndex={0}
      data-row={keyOf(item)}
      aria-selected={isSelected}
      aria-rowindex={index === undefined ? undefined : index + 2}
      style={style}
      onClick={() => onOpen(item)}
      onKeyDown={(pressed) => {
        if (pressed.key === "Enter" && pressed.target === pressed.currentTarget) onOpen(item);
      }}
      className={`${COLUMNS} row-line min-h-[27px] cursor-default text-cell outline-none focus-visible:outline-2 focus-visible:-outline-offset-2 pointer-coarse:min-h-11 ${isSelected ? "bg-accent-soft" : "hover:bg-raised"}`}
    >
      <span
        role="cell"
        className="num text-text-2 max-md:order-3 max-md:text-right"
        title={iso(event.timeMs, zone)}
      >
        {moment(event.timeMs, nowMs, zone)}
      </span>
      <span role="cell" className="flex min-w-0 items-center gap-2 font-row max-md:order-1">
        {glyph ? (
          <Glyph name={glyph} label={wordOf(item)} />
        ) : (
          <Inbox size={14} className="shrink-0 text-text-3" role="img" aria-label={wordOf(item)} />
        )}
        {cell("recipientDomain", event.recipientDomain, receiverOf(item))}
      </span>
      <span role="cell" className="truncate text-text-2 max-md:hidden">
        {cell("provider", event.provider, item.providerName)}
      </span>
      <span role="cell" className="min-w-0 truncate max-md:order-2">
        {event.bounceClass ? (
          cell(
            "class",
            event.bounceClass,
            <span className="rounded-cell bg-raised px-1.5 py-px text-second">{event.bounceClass}</span>,
          )
        ) : (
          <span className="text-text-3">{wordOf(item).toLowerCase()}</span>
        )}
      </span>
      <span role="cell" className="flex min-w-0 items-center gap-1 text-text-2 max-lg:hidden">
        {cell("zonemtaCategory", event.zonemtaCategory)}
        {item.categoriesDiffer && (
          <span
            className="text-deferred-ink"
            title="ZoneMTA files this reply under something else than we do"
          >
            <span aria-hidden="true">≠</span>
            <span className="sr-only">differs from our class</span>
          </span>
        )}
      </span>
      <span role="cell" className="mono truncate text-text-2 max-lg:hidden">
        {cell("sourceIp", event.sourceIp)}
      </span>
      <span role="cell" className="num text-right text-text-2 max-lg:hidden">
        {event.attempt ?? NONE}
      </span>
      <span role="cell" className="mono truncate text-text-2 max-md:hidden">
        {event.response ?? event.messageId ?? NONE}
      </span>
    </div>
  );
}

interface CellProps {
  name: FilterName;
  value: string | null;
  onFilter: OnFilter | undefined;
  children: ReactNode;
}

function FilterCell({ name, value, onFilter, children }: CellProps) {
  if (!onFilter || value === null) return <span className="truncate">{children}</span>;
  const filter = (click: MouseEvent) => {
    click.stopPropagation();
    onFilter(name, value, click.altKey);
  };
  return (
    <button
      type="button"
      tabIndex={-1}
      onClick={filter}
      title="Only these; with Alt all but these"
      className="min-h-6 max-w-full truncate text-left hover:underline"
    >
      {children}
    </button>
  );
}
