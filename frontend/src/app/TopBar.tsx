import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate, useSearch } from "@tanstack/react-router";
import { Calendar, CircleHelp, Monitor, Moon, Pause, Play, Server, Sun } from "lucide-react";
import { hostsQuery, scopeOf } from "@/api/queries";
import { ChoiceMenu } from "@/components/ui/Menu";
import { moment, rate } from "@/lib/format";
import { useNow } from "@/lib/now";
import { PRESETS, relativeLabel, resolve } from "@/lib/range";
import { type ThemeChoice, useView } from "@/lib/view";
import { useZone } from "@/lib/zone";
import { LivePill } from "./LivePill";
import { MODULES } from "./modules";
import { SearchBox } from "./SearchBox";
import type { FrameSearch } from "./search";
import { usePause } from "./use-pause";

export function TopBar({ onHelp }: { onHelp: () => void }) {
  const { pathname } = useLocation();
  const title = MODULES.find((module) => module.to === pathname)?.title ?? "Wildwatch";
  const { isPaused, toggle } = usePause();
  return (
    <header className="flex h-12 items-center gap-2 border-line border-b bg-canvas px-3 md:px-5">
      <h1 className="mr-4 truncate text-verdict font-heading">{title}</h1>
      <SearchBox />
      <div className="flex-1" />
      <div className="hidden md:contents">
        <HostMenu />
      </div>
      <RangeMenu />
      <div className="hidden md:contents">
        <ZoneButton />
      </div>
      <LivePill />
      <div className="hidden md:contents">
        <button
          type="button"
          className="control px-2"
          onClick={toggle}
          aria-pressed={isPaused}
          aria-label={isPaused ? "Resume live figures" : "Pause live figures"}
          title={`${isPaused ? "Resume" : "Pause"} live figures (Space)`}
        >
          {isPaused ? <Play size={15} aria-hidden /> : <Pause size={15} aria-hidden />}
        </button>
        <ThemeMenu />
        <button
          type="button"
          className="control px-2"
          onClick={onHelp}
          aria-label="Keyboard"
          title="Keyboard (?)"
        >
          <CircleHelp size={15} aria-hidden />
        </button>
      </div>
    </header>
  );
}

function useFrameSearch() {
  const search = useSearch({ strict: false }) as FrameSearch;
  const navigate = useNavigate();
  const change = (next: { [K in keyof FrameSearch]?: FrameSearch[K] | undefined }) =>
    navigate({ to: ".", search: (before: object) => ({ ...before, event: undefined, ...next }) as never });
  return { search, change };
}

function HostMenu() {
  const { search, change } = useFrameSearch();
  const { data } = useQuery(hostsQuery(scopeOf(search)));
  const hosts = data?.hosts ?? [];
  const seconds = data ? (data.toMs - data.fromMs) / 1000 : 1;
  const choices = [
    { value: "", label: "All hosts", note: String(hosts.length) },
    ...hosts.map((row) => ({ value: row.host, label: row.host, note: rate(row.attempts / seconds) })),
  ];
  if (search.host && !hosts.some((row) => row.host === search.host)) {
    choices.push({ value: search.host, label: search.host, note: "no events" });
  }
  return (
    <ChoiceMenu
      label="Host"
      value={search.host ?? ""}
      choices={choices}
      onChoose={(host) => change({ host: host || undefined })}
    >
      <Server size={15} strokeWidth={1.7} className="text-text-3" aria-hidden />
      {search.host ?? (
        <span>
          All hosts <span className="num text-text-3">{data ? hosts.length : ""}</span>
        </span>
      )}
    </ChoiceMenu>
  );
}

function RangeMenu() {
  const { search, change } = useFrameSearch();
  const zone = useZone();
  const now = useNow();
  const scope = scopeOf(search);
  const preset = scope.to === undefined ? PRESETS.find((p) => p.from === scope.from) : undefined;
  const relative = relativeLabel(scope);
  const at = relative ? null : resolve(scope, now);
  const label =
    relative ?? (at ? `${moment(at.fromMs, now, zone)} to ${moment(at.toMs, now, zone)}` : "Not a time");
  return (
    <ChoiceMenu
      label="Range"
      value={preset?.from ?? ""}
      choices={PRESETS.map((p) => ({ value: p.from, label: p.label }))}
      onChoose={(from) => change({ from, to: undefined })}
    >
      <Calendar size={15} strokeWidth={1.7} className="text-text-3" aria-hidden />
      <span className="num">{label}</span>
    </ChoiceMenu>
  );
}

function ZoneButton() {
  const zone = useZone();
  const { change } = useFrameSearch();
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <button
      type="button"
      className="control"
      onClick={() => change({ tz: zone === "utc" ? "local" : undefined })}
      title={zone === "utc" ? `Times are UTC; show ${local}` : `Times are ${local}; show UTC`}
    >
      {zone === "utc" ? "UTC" : "Local"}
    </button>
  );
}

const THEMES = [
  { value: "dark", label: "Dark" },
  { value: "light", label: "Light" },
  { value: "system", label: "As the system" },
];

function ThemeMenu() {
  const { theme, setTheme } = useView();
  const Icon = theme === "light" ? Sun : theme === "dark" ? Moon : Monitor;
  return (
    <ChoiceMenu
      label="Theme"
      value={theme}
      choices={THEMES}
      onChoose={(next) => setTheme(next as ThemeChoice)}
      hasArrow={false}
    >
      <Icon size={15} aria-hidden />
    </ChoiceMenu>
  );
}
