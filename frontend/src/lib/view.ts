import { create } from "zustand";

export type ThemeChoice = "dark" | "light" | "system";

interface View {
  theme: ThemeChoice;
  setTheme: (theme: ThemeChoice) => void;
  /** When live figures were paused, epoch ms. */
  pausedAt: number | null;
  /** Committed events that came while paused. */
  waiting: number;
  pause: (nowMs: number) => void;
  resume: () => void;
  held: (events: number) => void;
}

const KEY = "wildwatch-theme";

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY);
    return value === "dark" || value === "light" ? value : "system";
  } catch {
    return "system";
  }
}

export function applyTheme(choice: ThemeChoice): void {
  const system = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  document.documentElement.dataset.theme = choice === "system" ? system : choice;
}

/** How this browser shows things; nothing here selects data. */
export const useView = create<View>()((set) => ({
  theme: stored(),
  setTheme: (theme) => {
    try {
      if (theme === "system") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // No storage: the choice lasts as long as the page.
    }
    applyTheme(theme);
    set({ theme });
  },
  pausedAt: null,
  waiting: 0,
  pause: (nowMs) => set({ pausedAt: nowMs, waiting: 0 }),
  resume: () => set({ pausedAt: null, waiting: 0 }),
  held: (events) => set((view) => ({ waiting: view.waiting + events })),
}));
