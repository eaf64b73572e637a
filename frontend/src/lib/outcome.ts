/** The outcomes of mail events, in the order in which they are stacked and read. */
export const ATTEMPTS = ["delivered", "deferred", "bounced", "blocked"] as const;
export const OUTCOMES = ["queued", ...ATTEMPTS] as const;

export type Attempt = (typeof ATTEMPTS)[number];
export type Outcome = (typeof OUTCOMES)[number];

export type Counts = Record<Outcome, number>;

export const WORDS: Record<Outcome, string> = {
  queued: "Queued",
  delivered: "Delivered",
  deferred: "Deferred",
  bounced: "Bounced",
  blocked: "Blocked",
};

export function isOutcome(name: string): name is Outcome {
  return (OUTCOMES as readonly string[]).includes(name);
}

/** Attempts among counts: everything but queueing. */
export const attempts = (c: Omit<Counts, "queued">) => c.delivered + c.deferred + c.bounced + c.blocked;

/** `n` of `total`, null where there is nothing to share. */
export const share = (n: number, total: number): number | null => (total > 0 ? n / total : null);

export type Level = "ok" | "warn" | "critical" | "unknown";

/** Where a share stands against its two thresholds. */
export function level(value: number | null, warn: number, critical: number): Level {
  if (value === null) return "unknown";
  return value >= critical ? "critical" : value >= warn ? "warn" : "ok";
}
