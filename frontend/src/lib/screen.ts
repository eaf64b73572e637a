import { useSyncExternalStore } from "react";

const query = () => matchMedia("(max-width: 719px)");

function subscribe(listener: () => void): () => void {
  const media = query();
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

/** Whether the screen is a phone's. */
export const useNarrow = () => useSyncExternalStore(subscribe, () => query().matches);
