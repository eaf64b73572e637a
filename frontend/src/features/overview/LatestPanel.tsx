import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheckBig } from "lucide-react";
import type { MailEvent } from "@/api/client";
import { latestTroubleQuery, type Scope } from "@/api/queries";
import { EventHead, EventRow } from "@/components/event/EventTable";
import { keyOf } from "@/components/event/event";
import { Panel } from "@/components/ui/Panel";
import { Empty, Failure, Loading, StaleNote } from "@/components/ui/states";
import { useNow } from "@/lib/now";

interface Props {
  scope: Scope;
  open: string | undefined;
  onOpen: (item: MailEvent) => void;
}

/** What was not delivered just now, in the receivers' own words. */
export function LatestPanel({ scope, open, onOpen }: Props) {
  const { data, error, refetch, dataUpdatedAt } = useQuery(latestTroubleQuery(scope));
  const now = useNow();
  return (
    <Panel
      title="Latest deferrals and bounces"
      sub="newest first"
      aside={
        <>
          {error && data && <StaleNote since={dataUpdatedAt} />}
          <Link
            to="/mail"
            className="hover:underline"
            search={(before) => ({ ...before, outcome: ["deferred", "bounced", "blocked"] })}
          >
            All
          </Link>
        </>
      }
    >
      {data ? (
        data.events.length === 0 ? (
          <Empty icon={CircleCheckBig} title="Nothing was deferred or bounced in this range">
            Every attempt was accepted. What receivers put off or refuse appears here within seconds.
          </Empty>
        ) : (
          <div role="table" aria-label="Latest deferrals and bounces" data-testid="latest">
            <div role="rowgroup">
              <EventHead />
            </div>
            <div role="rowgroup">
              {data.events.map((item) => (
                <EventRow
                  key={keyOf(item)}
                  item={item}
                  nowMs={now}
                  isSelected={open === keyOf(item)}
                  onOpen={onOpen}
                />
              ))}
            </div>
          </div>
        )
      ) : error ? (
        <Failure what="Events" error={error} retry={() => void refetch()} />
      ) : (
        <Loading lines={8} />
      )}
    </Panel>
  );
}
