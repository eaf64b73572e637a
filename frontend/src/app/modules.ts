import { LayoutDashboard, type LucideIcon, Send, Workflow } from "lucide-react";

export interface Module {
  to: "/" | "/mail" | "/pipeline";
  title: string;
  icon: LucideIcon;
  /** The letter after `g`. */
  key: string;
}

/** The screens there are, in the order of the rail. */
export const MODULES: readonly Module[] = [
  { to: "/", title: "Overview", icon: LayoutDashboard, key: "o" },
  { to: "/mail", title: "Mail events", icon: Send, key: "m" },
  { to: "/pipeline", title: "Pipeline", icon: Workflow, key: "p" },
];
