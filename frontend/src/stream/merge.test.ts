import { describe, expect, it } from "vitest";
import type { Outcomes, Providers } from "@/api/client";
import { advance, isNews, mergeOutcomes, mergeProviders } from "./merge";
import { type LiveData, parseMessage } from "./message";

const BUCKET = 60_000;
const START = 1_795_320_000_000;

const outcomes = (): Outcomes => ({
  fromMs: START,
  toMs: START + 3 * BUCKET,
  asOfMs: START + 3 * BUCKET,
  startMs: START,
  bucketMs: BUCKET,
  totals: { queued: 6, delivered: 60, deferred: 3, bounced: 0, blocked: 0 },
  series: {
    queued: [1, 2, 3],
    delivered: [10, 20, 30],
    deferred: [1, 1, 1],
    bounced: [0, 0, 0],
    blocked: [0, 0, 0],
  },
});

const live = (hosts: LiveData["hosts"], providers: LiveData["providers"] = []): LiveData => ({
  hosts,
  providers,
  committed: 1,
  behindS: 0,
});

const second = (ms: number) => Math.floor(ms / 1000);

describe("a window that ends now", () => {
  it("takes in new buckets, lets old ones out and keeps the totals right", () => {
    const next = advance(outcomes(), START + 4 * BUCKET);
    expect(next.startMs).toBe(START + BUCKET);
    expect(next.series.delivered).toEqual([20, 30, 0]);
    expect(next.totals.delivered).toBe(50);
  });

  it("survives a sleep longer than itself", () => {
    const next = advance(outcomes(), START + 100 * BUCKET);
    expect(next.series.delivered).toEqual([0, 0, 0]);
    expect(next.totals).toEqual({ queued: 0, delivered: 0, deferred: 0, bounced: 0, blocked: 0 });
  });

  it("calls new buckets unknown while the writer is behind", () => {
    const behind = { ...live([]), behindS: 240 };
    const next = mergeOutcomes(outcomes(), behind, START + 4 * BUCKET, undefined);
    expect(next.series.delivered).toEqual([20, 30, null]);
  });

  it("leaves the data it was given alone", () => {
    const before = outcomes();
    mergeOutcomes(
      before,
      live([[second(START + BUCKET), "a", "delivered", 5]]),
      START + 3 * BUCKET,
      undefined,
    );
    expect(before).toEqual(outcomes());
  });
});

describe("live rows", () => {
  it("are counted in the minute of their own time, late ones too", () => {
    const next = mergeOutcomes(
      outcomes(),
      live([
        [second(START + 2 * BUCKET), "a", "delivered", 5],
        [second(START), "a", "blocked", 2],
        [second(START - BUCKET), "a", "delivered", 99],
        [second(START), "a", "other", 7],
      ]),
      START + 3 * BUCKET,
      undefined,
    );
    expect(next.series.delivered).toEqual([10, 20, 35]);
    expect(next.series.blocked).toEqual([2, 0, 0]);
    expect(next.totals).toMatchObject({ delivered: 65, blocked: 2 });
  });

  it("of other hosts stay out of a filtered chart", () => {
    const next = mergeOutcomes(
      outcomes(),
      live([[second(START), "b", "delivered", 5]]),
      START + 3 * BUCKET,
      "a",
    );
    expect(next.totals.delivered).toBe(60);
  });

  it("raise a provider's totals, shares and the cell of their time", () => {
    const data: Providers = {
      fromMs: START,
      toMs: START + 2 * BUCKET,
      asOfMs: START,
      stripStartMs: START,
      stripBucketMs: BUCKET,
      providers: [
        {
          provider: "yahoo",
          name: "Yahoo",
          queued: 0,
          delivered: 9,
          deferred: 0,
          bounced: 0,
          blocked: 0,
          attempts: 9,
          shares: { delivered: 1, deferred: 0, bounced: 0, blocked: 0 },
          p95Ms: 10,
          lastEventMs: START,
          strip: { attempts: [9, 0], deferred: [0, 0] },
        },
      ],
    };
    const row = [second(START + BUCKET), "yahoo", "deferred", 1] as const;
    const next = mergeProviders(data, live([], [[...row]]), START + 2 * BUCKET).providers[0];
    expect(next).toMatchObject({ attempts: 10, shares: { delivered: 0.9, deferred: 0.1 } });
    expect(next?.strip).toEqual({ attempts: [9, 1], deferred: [0, 1] });
  });
});

describe("messages", () => {
  it("older than what was read are no news", () => {
    expect(isNews(1_000, 1_000)).toBe(false);
    expect(isNews(1_001, 1_000)).toBe(true);
  });

  it("of any other form are left out", () => {
    expect(parseMessage('{"error":"there is no such room"}')).toBeNull();
    expect(parseMessage("no json")).toBeNull();
    expect(parseMessage('{"room":"overview","seq":1,"at":2,"resync":true}')).toMatchObject({ resync: true });
  });
});
