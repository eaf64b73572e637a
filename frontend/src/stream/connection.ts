import type { QueryClient } from "@tanstack/react-query";
import { WebSocket as ReconnectingWebSocket } from "partysocket";
import { create } from "zustand";
import type { Hosts, Outcomes, Providers } from "@/api/client";
import type { Scope } from "@/api/queries";
import { isMoving } from "@/lib/range";
import { useView } from "@/lib/view";
import { isNews, mergeHosts, mergeOutcomes, mergeProviders } from "./merge";
import { type LiveMessage, parseMessage } from "./message";

const ROOM = "overview";

interface Live {
  isConnected: boolean;
  /** When the connection was lost, or the page was opened. */
  since: number;
  /** When the last message was made, and how far the writer was behind then. */
  lastAt: number | null;
  behindS: number | null;
}

/** The state of the live connection, for the pill and for ages. */
export const useLive = create<Live>()(() => ({
  isConnected: false,
  since: Date.now(),
  lastAt: null,
  behindS: null,
}));

/** Opens the connection, keeps it open, and merges what comes into the query cache. Returns what closes it. */
export function connectLive(queries: QueryClient): () => void {
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/live`;
  const socket = new ReconnectingWebSocket(url, undefined, {
    minReconnectionDelay: 500,
    maxReconnectionDelay: 10_000,
    reconnectionDelayGrowFactor: 1.6,
    connectionTimeout: 5_000,
    // What is not sent is not needed: each opening joins anew.
    maxEnqueuedMessages: 0,
  });
  let lastSeq: number | null = null;

  socket.addEventListener("open", () => {
    useLive.setState({ isConnected: true });
    socket.send(JSON.stringify(lastSeq === null ? { join: ROOM } : { join: ROOM, after: lastSeq }));
  });
  socket.addEventListener("close", () => {
    if (useLive.getState().isConnected) useLive.setState({ isConnected: false, since: Date.now() });
  });
  socket.addEventListener("message", (event: MessageEvent) => {
    const message = typeof event.data === "string" ? parseMessage(event.data) : null;
    if (message?.room !== ROOM) return;
    lastSeq = message.seq;
    useLive.setState({ lastAt: Date.now(), behindS: message.data?.behindS ?? null });
    const view = useView.getState();
    if (view.pausedAt !== null) {
      if (message.data?.committed) view.held(message.data.committed);
      return;
    }
    if (message.data) mergeInto(queries, message);
    else void queries.invalidateQueries();
  });
  return () => socket.close();
}

/** Every moving question that is on screen, moved on to the message's time with its rows added. */
export function mergeInto(queries: QueryClient, message: LiveMessage): void {
  const { data, at } = message;
  if (!data) return;
  for (const query of queries.getQueryCache().findAll({ queryKey: ["mail"] })) {
    const [, kind, scope] = query.queryKey as [string, string, Scope];
    if (query.state.data === undefined || !isMoving(scope)) continue;
    if (!isNews(at, (query.state.data as { asOfMs: number }).asOfMs)) continue;
    const updatedAt = query.state.dataUpdatedAt;
    // Keeps the time of the reading: merging must not put off the next one.
    const set = <T>(next: T) => queries.setQueryData(query.queryKey, next, { updatedAt });
    if (kind === "outcomes") set(mergeOutcomes(query.state.data as Outcomes, data, at, scope.host));
    else if (kind === "hosts") set(mergeHosts(query.state.data as Hosts, data, at));
    else if (kind === "providers" && scope.host === undefined) {
      set(mergeProviders(query.state.data as Providers, data, at));
    }
  }
}
