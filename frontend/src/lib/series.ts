/** Figures derived from a series of outcomes. Pure. */

import type { Outcomes } from "@/api/client";
import { ATTEMPTS, type Counts, OUTCOMES, type Outcome, share } from "./outcome";

/** The newest part of a range that is called "now": a twelfth of it, at least a minute. */
const NOW_PART = 12;
const NOW_LEAST_MS = 60_000;
/** A bucket that is covered by less than this part of its width says nothing about its rate. */
const LEAST_COVERED = 0.5;

export interface Bucket extends Counts {
  startMs: number;
  /** Attempts. */
  all: number;
  /** Milliseconds of the bucket that lie within the range. */
  coveredMs: number;
  /** False while nobody knows yet what happened in it. */
  isKnown: boolean;
}

export function buckets(data: Outcomes): Bucket[] {
  return data.series.delivered.map((first, i) => {
    const startMs = data.startMs + i * data.bucketMs;
    const counts = Object.fromEntries(OUTCOMES.map((name) => [name, data.series[name][i] ?? 0])) as Counts;
    const coveredMs = Math.min(startMs + data.bucketMs, data.toMs) - Math.max(startMs, data.fromMs);
    return {
      ...counts,
      startMs,
      all: ATTEMPTS.reduce((sum, name) => sum + counts[name], 0),
      coveredMs,
      isKnown: first !== null,
    };
  });
}

/** Buckets fit to be drawn: those at the ends that the range only touches would show a dip that is none. */
export const drawn = (all: Bucket[], bucketMs: number) =>
  all.filter((bucket) => bucket.coveredMs >= bucketMs * LEAST_COVERED);

export const perSecond = (bucket: Bucket, name: Outcome) =>
  bucket.isKnown && bucket.coveredMs > 0 ? bucket[name] / (bucket.coveredMs / 1000) : null;

export interface Window {
  fromMs: number;
  toMs: number;
  counts: Counts;
  all: number;
  seconds: number;
}

/** The sum of all buckets that lie in `[fromMs, toMs)` with most of their width and are known. */
function sum(all: Bucket[], fromMs: number, toMs: number): Window {
  const counts = Object.fromEntries(OUTCOMES.map((name) => [name, 0])) as Counts;
  const found: Window = { fromMs: toMs, toMs: fromMs, counts, all: 0, seconds: 0 };
  for (const bucket of all) {
    if (!bucket.isKnown || bucket.startMs < fromMs || bucket.startMs >= toMs) continue;
    for (const name of OUTCOMES) counts[name] += bucket[name];
    found.all += bucket.all;
    found.seconds += bucket.coveredMs / 1000;
    found.fromMs = Math.min(found.fromMs, bucket.startMs);
    found.toMs = Math.max(found.toMs, bucket.startMs + bucket.coveredMs);
  }
  return found;
}

export interface Figures {
  /** The newest part of the range. */
  now: Window;
  /** All of it: what is usual here. */
  range: Window;
}

export function figures(data: Outcomes): Figures {
  const all = buckets(data);
  const lengthMs = data.toMs - data.fromMs;
  const nowMs = Math.max(NOW_LEAST_MS, lengthMs / NOW_PART);
  const known = all.filter((bucket) => bucket.isKnown);
  const last = known.at(-1);
  const end = last ? last.startMs + last.coveredMs : data.toMs;
  return {
    now: sum(all, Math.max(data.fromMs, end - nowMs), data.toMs),
    range: sum(all, data.startMs, data.toMs),
  };
}

export const windowShare = (window: Window, name: Outcome) => share(window.counts[name], window.all);
export const windowRate = (window: Window, name: Outcome) =>
  window.seconds > 0 ? window.counts[name] / window.seconds : null;
