import type { LucideIcon } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { ApiError } from "@/api/client";
import { clock } from "@/lib/format";
import { useZone } from "@/lib/zone";
import { Glyph } from "./Glyph";

const SKELETON_AFTER_MS = 200;

/** Nothing for 200 ms, then the shape of what comes. */
export function Loading({ lines = 5 }: { lines?: number }) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="flex flex-col gap-3 p-3.5" aria-busy="true">
      <span className="sr-only">Loading</span>
      {isLate &&
        Array.from({ length: lines }, (_, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a skeleton have no other name
          <div key={i} className="skeleton h-4" style={{ width: `${92 - ((i * 17) % 40)}%` }} />
        ))}
    </div>
  );
}

interface FailureProps {
  what: string;
  error: Error;
  /** When it was last well, epoch ms. */
  since?: number | undefined;
  retry: () => void;
}

/** What failed, since when, what to do, and a code to copy. */
export function Failure({ what, error, since, retry }: FailureProps) {
  const zone = useZone();
  const problem = error instanceof ApiError ? error : null;
  return (
    <div className="flex gap-3 p-3.5">
      <Glyph name="critical" size={18} />
      <div className="min-w-0 flex-1">
        <p className="font-heading">{what} cannot be read</p>
        <p className="text-text-2">
          {problem
            ? `${problem.title}. ${problem.detail}`
            : "An unforeseen error; the browser's console has more."}
          {since ? ` Last read at ${clock(since, zone)}.` : ""}
        </p>
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <button type="button" className="control" onClick={retry}>
            Try now
          </button>
          {problem && (
            <span className="text-second text-text-3">
              code <code className="mono text-text-2 select-all">{problem.code}</code>
            </span>
          )}
        </div>
      </div>
    </div>
  );
}

/** Old figures under a failed refresh stay, and say so. */
export function StaleNote({ since }: { since: number }) {
  const zone = useZone();
  return <span className="num text-second text-deferred-ink">as of {clock(since, zone)}</span>;
}

interface EmptyProps {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

/** Why it is empty, and the one next step. */
export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className="flex gap-3 p-3.5">
      <Icon size={18} strokeWidth={1.7} className="mt-px shrink-0 text-text-3" aria-hidden />
      <div className="min-w-0 max-w-[72ch]">
        <p className="font-heading">{title}</p>
        <div className="text-text-2">{children}</div>
        {action && <div className="mt-3">{action}</div>}
      </div>
    </div>
  );
}
