import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Download, Filter, Send } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import type { MailEvent } from "@/api/client";
import { eventsQuery, scopeOf } from "@/api/queries";
import { FILTERS, type FilterKey, type FilterName, filtersOf, stringifySearch } from "@/app/search";
import { EventDrawer } from "@/components/event/EventDrawer";
import { EventHead, EventRow } from "@/components/event/EventTable";
import { keyOf } from "@/components/event/event";
import { Empty, Failure, Loading, StaleNote } from "@/components/ui/states";
import { exact } from "@/lib/format";
import { useNow } from "@/lib/now";
import { FilterBar } from "./FilterBar";

const ROW_PX = 27;
const TOUCH_ROW_PX = 44;

/** Every event, filtered by the URL. */
export function MailPage() {
  const search = useSearch({ from: "/mail" });
  const navigate = useNavigate({ from: "/mail" });
  const now = useNow();
  const scope = scopeOf(search);
  const filters = useMemo(() => filtersOf(search as Record<string, unknown>), [search]);
  const query = useInfiniteQuery(eventsQuery(scope, filters));
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const events = useMemo(() => data?.pages.flatMap((page) => page.events) ?? [], [data]);

  const change = useCallback(
    (next: Record<string, unknown>) =>
      void navigate({
        search: (before) => ({ ...before, ...next }) as never,
        replace: "event" in next,
        resetScroll: false,
      }),
    [navigate],
  );
  const add = useCallback(
    (key: FilterKey, value: string) => change({ [key]: [...new Set([...(filters[key] ?? []), value])] }),
    [change, filters],
  );
  const remove = (key: FilterKey, value: string) =>
    change({ [key]: filters[key]?.filter((one) => one !== value), event: undefined });
  const onFilter = useCallback(
    (name: FilterName, value: string, isNegative: boolean) =>
      add(isNegative && name !== "queueId" ? (`not.${name}` as FilterKey) : name, value),
    [add],
  );
  const onOpen = useCallback((item: MailEvent) => change({ event: keyOf(item) }), [change]);
  const onClose = useCallback(() => change({ event: undefined }), [change]);

  const box = useRef<HTMLDivElement>(null);
  const rowPx = matchMedia("(pointer: coarse)").matches ? TOUCH_ROW_PX : ROW_PX;
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    overscan: 12,
    getItemKey: (i) => {
      const item = events[i];
      return item ? keyOf(item) : i;
    },
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= events.length - 30) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, last, events.length, fetchNextPage]);

  const count = Object.values(filters).flat().length;
  return (
    <div className="flex h-[calc(100dvh-72px)] min-h-[420px] flex-col gap-3 max-md:h-[calc(100dvh-128px)]">
      <FilterBar filters={filters} onAdd={add} onRemove={remove} />
      <section className="panel flex min-h-0 flex-1 flex-col overflow-hidden" aria-labelledby="events-title">
        <header className="flex min-h-[38px] items-center gap-2 px-3.5">
          <h2 id="events-title" className="text-body font-heading">
            Events
          </h2>
          <span className="num text-second text-text-3" data-testid="count">
            {data ? `${exact(events.length)}${hasNextPage ? " so far" : ""}, newest first` : ""}
          </span>
          {error && data && <StaleNote since={query.dataUpdatedAt} />}
          <a className="control ml-auto h-7" href={csvUrl(scope, filters)} download="mail-events.csv">
            <Download size={14} aria-hidden /> CSV
          </a>
        </header>
        {data && events.length > 0 ? (
          <div
            role="table"
            aria-label="Mail events"
            aria-rowcount={hasNextPage ? -1 : events.length + 1}
            className="flex min-h-0 flex-1 flex-col"
          >
            <div role="rowgroup" className="overflow-y-hidden [scrollbar-gutter:stable]">
              <EventHead />
            </div>
            <div
              ref={box}
              role="rowgroup"
              className="min-h-0 flex-1 overflow-y-auto [scrollbar-gutter:stable]"
            >
              <div className="relative" style={{ height: virtual.getTotalSize() }} role="presentation">
                {items.map((row) => {
                  const item = events[row.index];
                  return item ? (
                    <EventRow
                      key={row.key}
                      item={item}
                      index={row.index}
                      nowMs={now}
                      isSelected={search.event === keyOf(item)}
                      onOpen={onOpen}
                      onFilter={onFilter}
                      style={{
                        position: "absolute",
                        insetInline: 0,
                        height: rowPx,
                        transform: `translateY(${row.start}px)`,
                      }}
                    />
                  ) : null;
                })}
              </div>
            </div>
          </div>
        ) : data ? (
          <NoEvents
            count={count}
            filters={filters}
            onRemove={remove}
            onWiden={() => change({ from: "-24h", to: undefined })}
          />
        ) : error ? (
          <Failure what="Events" error={error} retry={() => void query.refetch()} />
        ) : (
          <Loading lines={14} />
        )}
      </section>
      {search.event && <EventDrawer open={search.event} known={events} onClose={onClose} />}
    </div>
  );
}

function csvUrl(scope: ReturnType<typeof scopeOf>, filters: Record<string, string[]>): string {
  return `/api/v1/mail/events${stringifySearch({ ...scope, ...filters, format: "csv" })}`;
}

interface NoEventsProps {
  count: number;
  filters: ReturnType<typeof filtersOf>;
  onRemove: (key: FilterKey, value: string) => void;
  onWiden: () => void;
}

/** Names the filters that leave nothing, and offers to drop the last. */
function NoEvents({ count, filters, onRemove, onWiden }: NoEventsProps) {
  const all = (Object.entries(filters) as [FilterKey, string[]][]).flatMap(([key, values]) =>
    values.map((value) => ({ key, value })),
  );
  const last = all.at(-1);
  const named = all.map(
    ({ key, value }) =>
      `${key.startsWith("not.") ? "not " : ""}${FILTERS[key.replace("not.", "") as FilterName]} ${value}`,
  );
  if (count === 0 || !last) {
    return (
      <Empty
        icon={Send}
        title="No events in this range"
        action={
          <button type="button" className="control" onClick={onWiden}>
            Show the last 24 h
          </button>
        }
      >
        Each queueing, delivery, deferral and bounce appears here about a second after it happened.
      </Empty>
    );
  }
  return (
    <Empty
      icon={Filter}
      title={`No event matches ${named.join(" and ")}`}
      action={
        <button type="button" className="control" onClick={() => onRemove(last.key, last.value)}>
          Drop the last filter
        </button>
      }
    >
      In this range; a longer one may hold some.
    </Empty>
  );
}
