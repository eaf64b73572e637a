/** Live rows into what was read over REST. Pure: each function returns new data and leaves the old alone. */

import type { Hosts, Outcomes, Providers } from "@/api/client";
import { attempts, type Counts, isOutcome, OUTCOMES, type Outcome, share } from "@/lib/outcome";
import type { LiveData, LiveRow } from "./message";

/** Whether a message tells more than data read at `asOfMs`; older ones are in that data already. */
export const isNews = (messageAtMs: number, asOfMs: number) => messageAtMs > asOfMs;

/** Seconds behind from which new buckets are unknown rather than empty. */
const BEHIND_S = 15;

/**
 * Moves a window that ends now up to `nowMs`: new buckets at the end, old ones out at the start. New buckets
 * hold `fill`: 0, or null while nobody can know yet what happened in them.
 */
export function advance(data: Outcomes, nowMs: number, fill: 0 | null = 0): Outcomes {
  const length = data.toMs - data.fromMs;
  const fromMs = nowMs - length;
  const first = Math.floor(fromMs / data.bucketMs) * data.bucketMs;
  const last = Math.floor((nowMs - 1) / data.bucketMs) * data.bucketMs;
  const drop = Math.max(0, (first - data.startMs) / data.bucketMs);
  const size = (last - first) / data.bucketMs + 1;
  const series = { ...data.series };
  const totals = { ...data.totals };
  for (const name of OUTCOMES) {
    const before = data.series[name];
    for (const n of before.slice(0, drop)) totals[name] -= n ?? 0;
    const kept = before.slice(drop, drop + size);
    series[name] = [...kept, ...new Array<number | null>(Math.max(0, size - kept.length)).fill(fill)];
  }
  return { ...data, fromMs, toMs: nowMs, startMs: first, series, totals };
}

export function mergeOutcomes(
  data: Outcomes,
  live: LiveData,
  nowMs: number,
  host: string | undefined,
): Outcomes {
  const isKnown = live.behindS !== null && live.behindS < BEHIND_S;
  const next = advance(data, nowMs, isKnown ? 0 : null);
  for (const [second, name, outcome, n] of live.hosts) {
    if (!isOutcome(outcome) || (host !== undefined && name !== host)) continue;
    const place = Math.floor((second * 1000 - next.startMs) / next.bucketMs);
    const column = next.series[outcome];
    if (place < 0 || place >= column.length) continue;
    column[place] = (column[place] ?? 0) + n;
    next.totals[outcome] += n;
  }
  return next;
}

interface Sum {
  counts: Partial<Counts>;
  lastMs: number;
}

function sums(rows: LiveRow[]): Map<string, Sum> {
  const found = new Map<string, Sum>();
  for (const [second, name, outcome, n] of rows) {
    if (!isOutcome(outcome)) continue;
    const sum = found.get(name) ?? { counts: {}, lastMs: 0 };
    sum.counts[outcome] = (sum.counts[outcome] ?? 0) + n;
    sum.lastMs = Math.max(sum.lastMs, second * 1000);
    found.set(name, sum);
  }
  return found;
}

function added<T extends Counts & { lastEventMs: number }>(row: T, sum: Sum) {
  const next: T = { ...row, lastEventMs: Math.max(row.lastEventMs, sum.lastMs) };
  const counts = next as Counts;
  for (const [name, n] of Object.entries(sum.counts) as [Outcome, number][]) counts[name] += n;
  const all = attempts(next);
  const of = (n: number) => share(n, all);
  return {
    ...next,
    attempts: all,
    shares: {
      delivered: of(next.delivered),
      deferred: of(next.deferred),
      bounced: of(next.bounced),
      blocked: of(next.blocked),
    },
  };
}

/** Totals grow with each message; what leaves the range is taken off by the next reading. */
export function mergeHosts(data: Hosts, live: LiveData, nowMs: number): Hosts {
  const found = sums(live.hosts);
  const hosts = data.hosts.map((row) => {
    const sum = found.get(row.host);
    return sum ? added(row, sum) : row;
  });
  return { ...data, toMs: nowMs, hosts };
}

export function mergeProviders(data: Providers, live: LiveData, nowMs: number): Providers {
  const found = sums(live.providers);
  const cells = Math.max(...data.providers.map((row) => row.strip.attempts.length), 0);
  const inLastCell = (second: number) =>
    Math.min(cells - 1, Math.floor((second * 1000 - data.stripStartMs) / data.stripBucketMs));
  const providers = data.providers.map((row) => {
    const sum = found.get(row.provider);
    if (!sum) return row;
    const strip = { attempts: [...row.strip.attempts], deferred: [...row.strip.deferred] };
    for (const [second, name, outcome, n] of live.providers) {
      const place = inLastCell(second);
      if (name !== row.provider || outcome === "queued" || !isOutcome(outcome) || place < 0) continue;
      strip.attempts[place] = (strip.attempts[place] ?? 0) + n;
      if (outcome === "deferred") strip.deferred[place] = (strip.deferred[place] ?? 0) + n;
    }
    return { ...added(row, sum), strip };
  });
  return { ...data, toMs: nowMs, providers };
}
