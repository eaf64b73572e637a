import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useView } from "@/lib/view";

/** Live figures stand still while paused; resuming reads everything anew. */
export function usePause() {
  const queries = useQueryClient();
  const isPaused = useView((view) => view.pausedAt !== null);
  const toggle = useCallback(() => {
    const view = useView.getState();
    if (view.pausedAt === null) return view.pause(Date.now());
    view.resume();
    void queries.invalidateQueries();
  }, [queries]);
  return { isPaused, toggle };
}
