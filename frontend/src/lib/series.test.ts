import { describe, expect, it } from "vitest";
import type { Outcomes } from "@/api/client";
import { type Bucket, buckets, drawn, figures, perSecond, windowRate, windowShare } from "./series";

const MINUTE = 60_000;
const START = 1_795_320_000_000;

/** Ten minutes; the range starts in the middle of the first bucket, and the last is not known. */
const data: Outcomes = {
  fromMs: START + 45_000,
  toMs: START + 10 * MINUTE,
  asOfMs: START + 10 * MINUTE,
  startMs: START,
  bucketMs: MINUTE,
  totals: { queued: 0, delivered: 0, deferred: 0, bounced: 0, blocked: 0 },
  series: {
    queued: [15, 60, 60, 60, 60, 60, 60, 60, 120, null],
    delivered: [15, 60, 60, 60, 60, 60, 60, 60, 30, null],
    deferred: [0, 0, 0, 0, 0, 0, 0, 0, 30, null],
    bounced: [0, 0, 0, 0, 0, 0, 0, 0, 0, null],
    blocked: [0, 0, 0, 0, 0, 0, 0, 0, 0, null],
  },
};

function at(all: Bucket[], i: number): Bucket {
  const bucket = all[i];
  if (!bucket) throw new Error(`no bucket ${i}`);
  return bucket;
}

describe("series", () => {
  it("gives rates over the part of a bucket that the range covers", () => {
    const all = buckets(data);
    expect(perSecond(at(all, 0), "delivered")).toBe(1);
    expect(perSecond(at(all, 1), "delivered")).toBe(1);
  });

  it("does not draw a bucket that is hardly covered, and knows no rate of an unknown one", () => {
    const shown = drawn(buckets(data), MINUTE);
    expect(shown[0]?.startMs).toBe(START + MINUTE);
    expect(perSecond(at(shown, shown.length - 1), "delivered")).toBeNull();
  });

  it("compares the newest known minute with the whole range", () => {
    const { now, range } = figures(data);
    expect(windowShare(now, "deferred")).toBe(0.5);
    expect(windowRate(now, "queued")).toBe(2);
    expect(windowShare(range, "deferred")).toBeCloseTo(30 / 495);
    expect(now.fromMs).toBe(START + 8 * MINUTE);
    expect(now.toMs).toBe(START + 9 * MINUTE);
  });

  it("has no shares where nothing happened", () => {
    const empty = { ...data, series: { ...data.series, delivered: [null], deferred: [null] } };
    expect(windowShare(figures(empty).now, "deferred")).toBeNull();
  });
});
