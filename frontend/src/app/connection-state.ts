import { useNow } from "@/lib/now";
import { useView } from "@/lib/view";
import { useLive } from "@/stream/connection";

/** Seconds without a connection after which figures are called old rather than about to come. */
const OFFLINE_AFTER_MS = 15_000;

export type ConnectionState =
  | { kind: "live"; dataAgeMs: number | null; behindS: number | null }
  | { kind: "paused"; at: number; waiting: number }
  | { kind: "reconnecting"; forMs: number }
  | { kind: "offline"; lastAt: number | null };

/** What the live pill says. */
export function useConnectionState(): ConnectionState {
  const now = useNow();
  const live = useLive();
  const pausedAt = useView((view) => view.pausedAt);
  const waiting = useView((view) => view.waiting);
  if (!live.isConnected) {
    const forMs = Math.max(0, now - live.since);
    return forMs < OFFLINE_AFTER_MS
      ? { kind: "reconnecting", forMs }
      : { kind: "offline", lastAt: live.lastAt };
  }
  if (pausedAt !== null) return { kind: "paused", at: pausedAt, waiting };
  const dataAgeMs = live.lastAt === null ? null : Math.max(0, now - live.lastAt) + (live.behindS ?? 0) * 1000;
  return { kind: "live", dataAgeMs, behindS: live.behindS };
}
