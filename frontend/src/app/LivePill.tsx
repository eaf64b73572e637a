import { Glyph } from "@/components/ui/Glyph";
import { clock, count, wholeSeconds } from "@/lib/format";
import { useZone } from "@/lib/zone";
import { useConnectionState } from "./connection-state";

const PILL = "control pointer-events-none gap-1.5";

/** Whether figures move, and how old they are. */
export function LivePill() {
  const state = useConnectionState();
  const zone = useZone();
  const note = "num hidden text-text-3 font-normal lg:inline";
  switch (state.kind) {
    case "live": {
      const isLate = (state.dataAgeMs ?? 0) > 60_000;
      return (
        <span className={PILL} data-testid="live" data-state="live">
          <span
            className={`size-2 rounded-full ${isLate ? "bg-deferred-fill" : "bg-delivered-fill"}`}
            aria-hidden="true"
          />
          Live
          <span className={isLate ? `${note} text-deferred-ink` : note}>
            {state.dataAgeMs === null ? "waiting for data" : `data ${wholeSeconds(state.dataAgeMs)} old`}
          </span>
        </span>
      );
    }
    case "paused":
      return (
        <span className={PILL} data-testid="live" data-state="paused">
          <Glyph name="paused" />
          Paused <span className="num">{clock(state.at, zone)}</span>
          <span className={note}>{`${count(state.waiting)} changes wait`}</span>
        </span>
      );
    case "reconnecting":
      return (
        <span className={PILL} data-testid="live" data-state="reconnecting">
          <Glyph name="warn" />
          Reconnecting <span className="num font-normal text-text-3">{wholeSeconds(state.forMs)}</span>
        </span>
      );
    case "offline":
      return (
        <span className={`${PILL} hatched`} data-testid="live" data-state="offline">
          <Glyph name="unknown" />
          <span className="rounded-cell bg-surface px-1">
            Offline
            {state.lastAt !== null && <span className="num"> since {clock(state.lastAt, zone)}</span>}
          </span>
        </span>
      );
  }
}
