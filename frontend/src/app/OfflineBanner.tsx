import { Glyph } from "@/components/ui/Glyph";
import { clock } from "@/lib/format";
import { useZone } from "@/lib/zone";
import { useConnectionState } from "./connection-state";

/** Under the top bar while nothing comes: what is shown is old. */
export function OfflineBanner() {
  const state = useConnectionState();
  const zone = useZone();
  if (state.kind !== "offline") return null;
  return (
    <div
      className="flex items-center gap-2 border-line border-b bg-deferred-soft px-3 py-1.5 md:px-5"
      role="status"
    >
      <Glyph name="warn" />
      <span>
        No connection to Wildwatch
        {state.lastAt !== null && (
          <>
            ; figures are as of <span className="num">{clock(state.lastAt, zone)}</span>
          </>
        )}
        . Mail and counting go on without this page; it tries again by itself.
      </span>
    </div>
  );
}
