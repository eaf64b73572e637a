import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Filters, FrameSearch } from "@/app/search";
import { DEFAULT_FROM, isMoving } from "@/lib/range";
import { useView } from "@/lib/view";
import { ask, client } from "./client";

/** What selects the data of a screen: the range and the host. */
export interface Scope {
  from: string;
  to: string | undefined;
  host: string | undefined;
}

export const scopeOf = (search: FrameSearch): Scope => ({
  from: search.from ?? DEFAULT_FROM,
  to: search.to,
  host: search.host,
});

const query = (scope: Scope) => ({
  from: scope.from,
  ...(scope.to === undefined ? {} : { to: scope.to }),
  ...(scope.host === undefined ? {} : { host: [scope.host] }),
});

/** Moving ranges are read anew now and then; between, live messages are merged into them. */
const again = (scope: Scope, everyMs: number) => () =>
  isMoving(scope) && !useView.getState().pausedAt ? everyMs : false;

const shared = { placeholderData: keepPreviousData, staleTime: 5_000, retry: 1 } as const;

export const outcomesQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ["mail", "outcomes", scope] as const,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/v1/mail/outcomes", { params: { query: query(scope) }, signal })),
    refetchInterval: again(scope, 30_000),
    ...shared,
  });

export const providersQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ["mail", "providers", scope] as const,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/v1/mail/providers", { params: { query: query(scope) }, signal })),
    refetchInterval: again(scope, 30_000),
    ...shared,
  });

/** All hosts, whatever the host filter says: it is chosen from them. */
export const hostsQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ["mail", "hosts", { ...scope, host: undefined }] as const,
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/v1/mail/hosts", { params: { query: query({ ...scope, host: undefined }) }, signal }),
      ),
    refetchInterval: again(scope, 30_000),
    ...shared,
  });

export const repliesQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ["mail", "replies", scope] as const,
    queryFn: ({ signal }) =>
      ask(client.GET("/api/v1/mail/replies", { params: { query: { ...query(scope), limit: 12 } }, signal })),
    refetchInterval: again(scope, 30_000),
    ...shared,
  });

export const latestTroubleQuery = (scope: Scope) =>
  queryOptions({
    queryKey: ["mail", "latest", scope] as const,
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/v1/mail/events", {
          params: { query: { ...query(scope), outcome: ["deferred", "bounced", "blocked"], limit: 14 } },
          signal,
        }),
      ),
    refetchInterval: again(scope, 5_000),
    ...shared,
  });

export const eventsQuery = (scope: Scope, filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ["mail", "events", scope, filters] as const,
    queryFn: ({ signal, pageParam }) =>
      ask(
        client.GET("/api/v1/mail/events", {
          params: {
            query: { ...query(scope), ...filters, limit: 100, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    // New events come in at the top while nobody has read further down.
    refetchInterval: ({ state }) =>
      state.data && state.data.pages.length > 1 ? false : again(scope, 5_000)(),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    ...shared,
  });

/** Every event of one delivery, whenever it was: the queue id carries its time. */
export const journeyQuery = (queueId: string) =>
  queryOptions({
    queryKey: ["mail", "journey", queueId] as const,
    queryFn: ({ signal }) =>
      ask(
        client.GET("/api/v1/mail/events", { params: { query: { queueId: [queueId], limit: 100 } }, signal }),
      ),
    ...shared,
  });

export const statusQuery = queryOptions({
  queryKey: ["status"] as const,
  queryFn: ({ signal }) => ask(client.GET("/api/v1/status", { signal })),
  refetchInterval: () => (useView.getState().pausedAt ? false : 10_000),
  ...shared,
});

export const pipelineQuery = queryOptions({
  queryKey: ["pipeline"] as const,
  queryFn: ({ signal }) => ask(client.GET("/api/v1/pipeline", { signal })),
  refetchInterval: () => (useView.getState().pausedAt ? false : 5_000),
  ...shared,
});
