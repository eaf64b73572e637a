import { Link } from "@tanstack/react-router";
import { Activity } from "lucide-react";
import { MODULES } from "./modules";

const ITEM =
  "relative grid size-10 place-items-center rounded-control text-text-3 hover:bg-raised hover:text-text max-md:h-12 max-md:w-16";
const CURRENT =
  "bg-raised text-text before:absolute before:bg-accent before:content-[''] md:before:inset-y-2 md:before:-left-2 md:before:w-0.5 max-md:before:inset-x-3 max-md:before:top-0 max-md:before:h-0.5";

/** The modules: at the left, on phones at the bottom. */
export function Rail() {
  return (
    <nav
      aria-label="Modules"
      className="fixed z-40 flex border-line bg-surface max-md:inset-x-0 max-md:bottom-0 max-md:h-14 max-md:items-center max-md:justify-around max-md:border-t md:inset-y-0 md:left-0 md:w-14 md:flex-col md:items-center md:gap-1 md:border-r md:bg-canvas"
    >
      <div className="hidden h-12 place-items-center md:grid">
        <Activity size={22} strokeWidth={1.75} className="text-accent" role="img" aria-label="Wildwatch" />
      </div>
      {MODULES.map(({ to, title, icon: Icon, key }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === "/", includeSearch: false }}
          className={ITEM}
          activeProps={{ className: CURRENT, "aria-current": "page" }}
          title={`${title} (g ${key})`}
          aria-label={title}
        >
          <Icon size={18} strokeWidth={1.7} aria-hidden />
        </Link>
      ))}
    </nav>
  );
}
