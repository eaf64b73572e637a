import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Server } from "lucide-react";
import { lazy, Suspense, useCallback } from "react";
import type { MailEvent } from "@/api/client";
import { latestTroubleQuery, outcomesQuery, scopeOf, statusQuery } from "@/api/queries";
import { EventDrawer } from "@/components/event/EventDrawer";
import { keyOf } from "@/components/event/event";
import { Panel } from "@/components/ui/Panel";
import { Empty, Failure, Loading } from "@/components/ui/states";
import { attempts } from "@/lib/outcome";
import { HostsPanel } from "./HostsPanel";
import { LatestPanel } from "./LatestPanel";
import { Onboarding } from "./Onboarding";
import { PipelineStrip } from "./PipelineStrip";
import { ProvidersPanel } from "./ProvidersPanel";
import { RepliesPanel } from "./RepliesPanel";
import { Tiles } from "./Tiles";
import { Verdict } from "./Verdict";

/** Apart, because the chart library is half of the page's weight and words come first. */
const OutcomePanel = lazy(() => import("./OutcomePanel"));

/** Is mail flowing, and if not, why and where. */
export function OverviewPage() {
  const search = useSearch({ from: "/" });
  const navigate = useNavigate({ from: "/" });
  const scope = scopeOf(search);
  const outcomes = useQuery(outcomesQuery(scope));
  const { data: status } = useQuery(statusQuery);
  const { data: latest } = useQuery(latestTroubleQuery(scope));

  const open = useCallback(
    (event: string | undefined) =>
      void navigate({
        search: (before) => ({ ...before, event }) as never,
        replace: true,
        resetScroll: false,
      }),
    [navigate],
  );
  const onOpen = useCallback((item: MailEvent) => open(keyOf(item)), [open]);
  const onClose = useCallback(() => open(undefined), [open]);

  const data = outcomes.data;
  const isEmpty = data !== undefined && attempts(data.totals) + data.totals.queued === 0;
  if (isEmpty && status?.newestEventMs === null) {
    return (
      <div className="flex flex-col gap-3">
        <Verdict />
        <Onboarding />
        <div className="max-w-[640px]">
          <PipelineStrip />
        </div>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <Verdict />
      {data ? (
        <Tiles data={data} scope={scope} />
      ) : (
        <div className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-6">
          {["a", "b", "c", "d", "e", "f"].map((tile) => (
            <div key={tile} className="panel h-[89px]" />
          ))}
        </div>
      )}
      <div className="grid gap-3 lg:grid-cols-12">
        <div className="flex min-w-0 flex-col gap-3 lg:col-span-8">
          {isEmpty ? (
            <Panel title="Attempts by outcome">
              <Empty
                icon={Server}
                title={search.host ? `${search.host} sent nothing in this range` : "No mail in this range"}
                action={
                  <button
                    type="button"
                    className="control"
                    onClick={() =>
                      void navigate({
                        search: (before) =>
                          (search.host
                            ? { ...before, host: undefined }
                            : { ...before, from: "-24h", to: undefined }) as never,
                      })
                    }
                  >
                    {search.host ? "Show all hosts" : "Show the last 24 h"}
                  </button>
                }
              >
                There was neither an attempt nor a queued message between its two ends.
              </Empty>
            </Panel>
          ) : data ? (
            <Suspense
              fallback={
                <Panel title="Attempts by outcome" className="h-[284px]">
                  <Loading lines={9} />
                </Panel>
              }
            >
              <OutcomePanel data={data} />
            </Suspense>
          ) : (
            <Panel title="Attempts by outcome">
              {outcomes.error ? (
                <Failure what="Outcomes" error={outcomes.error} retry={() => void outcomes.refetch()} />
              ) : (
                <Loading lines={9} />
              )}
            </Panel>
          )}
          <ProvidersPanel scope={scope} />
        </div>
        <div className="grid gap-3 md:grid-cols-2 lg:col-span-4 lg:flex lg:flex-col lg:[&>:last-child]:flex-1">
          <RepliesPanel scope={scope} />
          <HostsPanel scope={scope} />
          <PipelineStrip />
        </div>
      </div>
      <LatestPanel scope={scope} open={search.event} onOpen={onOpen} />
      {search.event && <EventDrawer open={search.event} known={latest?.events ?? []} onClose={onClose} />}
    </div>
  );
}
