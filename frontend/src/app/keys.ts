import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { scopeOf } from "@/api/queries";
import { type Range, shift, zoomOut } from "@/lib/range";
import { MODULES } from "./modules";
import { type FrameSearch, frameSearch, parseSearch } from "./search";
import { usePause } from "./use-pause";

const CHORD_MS = 1_200;

/** Rows that `j` and `k` walk over, in the order of the page. */
const ROWS = "[data-row]";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable=true]");
}

function walk(direction: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)].filter((row) => row.offsetParent !== null);
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (direction > 0 ? rows[0] : rows.at(-1)) : rows[at + direction];
  next?.focus();
  // While the drawer is open, walking opens each row in it.
  if (next && document.querySelector("[data-drawer]")) next.click();
}

/** The keys that work everywhere; single ones only while nobody types. */
export function useKeys({ openSheet }: { openSheet: () => void }): void {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { toggle } = usePause();
  const chord = useRef<{ key: string; at: number } | null>(null);

  useEffect(() => {
    const moveRange = (change: (range: Range, now: number) => Range) => {
      const now = Date.now();
      const search: FrameSearch = frameSearch(parseSearch(location.search));
      const next = change(scopeOf(search), now);
      void navigate({
        to: ".",
        search: (before: object) => ({ ...before, from: next.from, to: next.to }) as never,
      });
    };
    const afterChord = (first: string, key: string): boolean => {
      if (first === "g") {
        const module = MODULES.find((m) => m.key === key);
        if (module) void navigate({ to: module.to });
        return module !== undefined;
      }
      if (key === "ArrowLeft") moveRange((range, now) => shift(range, -1, now));
      else if (key === "ArrowRight") moveRange((range, now) => shift(range, 1, now));
      else if (key === "z") moveRange(zoomOut);
      else return false;
      return true;
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target))
        return;
      if (document.querySelector("dialog[open]")) return;
      const started = chord.current;
      chord.current = null;
      if (started && event.timeStamp - started.at < CHORD_MS && afterChord(started.key, event.key)) {
        event.preventDefault();
        return;
      }
      const isOnButton =
        event.target instanceof HTMLElement && event.target.matches("button, a, [role=menuitemradio]");
      switch (event.key) {
        case "g":
        case "t":
          chord.current = { key: event.key, at: event.timeStamp };
          return;
        case "j":
          walk(1);
          break;
        case "k":
          walk(-1);
          break;
        case "r":
          void queries.invalidateQueries();
          break;
        case "?":
          openSheet();
          break;
        case "/":
          document.querySelector<HTMLElement>("[data-search]")?.focus();
          break;
        case " ":
          // On a button the space bar presses it.
          if (isOnButton) return;
          toggle();
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [navigate, queries, toggle, openSheet]);
}
