import type { MailEvent } from "@/api/client";
import type { GlyphName } from "@/components/ui/Glyph";
import { isOutcome, WORDS } from "@/lib/outcome";

/** What names an event in the URL. */
export const keyOf = ({ event }: MailEvent) =>
  `${event.queueId}.${event.seq}.${event.action}.${event.timeMs}`;

/** The queue id of such a name. */
export const queueIdOf = (key: string) => key.split(".")[0] ?? "";

/** Null for what has no outcome of its own: queueing, deletion, checks. */
export function glyphOf({ event }: MailEvent): GlyphName | null {
  const { outcome } = event;
  return outcome && isOutcome(outcome) && outcome !== "queued" ? outcome : null;
}

const ACTIONS: Record<string, string> = {
  queued: "Queued",
  dropped: "Dropped",
  refused: "Refused at the door",
  deleted: "Deleted from the queue",
  spam_check: "Spam check",
  virus_check: "Virus check",
  dsn: "Bounce message made",
  poll: "Queue polled",
};

export function wordOf({ event }: MailEvent): string {
  const { outcome, action } = event;
  return outcome && isOutcome(outcome) ? WORDS[outcome] : (ACTIONS[action] ?? "Other event");
}

/** Whom it concerns, in few words. */
export const receiverOf = ({ event }: MailEvent) => event.recipientDomain ?? event.mx ?? NO_RECEIVER;
const NO_RECEIVER = "–";
