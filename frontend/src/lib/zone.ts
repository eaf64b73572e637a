import { useSearch } from "@tanstack/react-router";
import type { Zone } from "./format";

/** The time zone of everything on the page. */
export function useZone(): Zone {
  const search = useSearch({ strict: false }) as { tz?: Zone };
  return search.tz ?? "utc";
}
