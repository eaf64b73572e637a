/** What the room `overview` sends once a second. */

/** `[second, name, outcome, n]`, `second` in epoch seconds of the events' own time. */
export type LiveRow = [number, string, string, number];

export interface LiveData {
  hosts: LiveRow[];
  providers: LiveRow[];
  committed: number;
  behindS: number | null;
}

export interface LiveMessage {
  room: string;
  seq: number;
  /** When it was made, epoch ms. */
  at: number;
  data?: LiveData;
  /** Something is missing: read everything anew. */
  resync?: boolean;
}

/** Null for anything that is no message of a room, as an error note. */
export function parseMessage(text: string): LiveMessage | null {
  try {
    const value = JSON.parse(text) as Partial<LiveMessage>;
    return typeof value.room === "string" && typeof value.seq === "number" && typeof value.at === "number"
      ? (value as LiveMessage)
      : null;
  } catch {
    return null;
  }
}
