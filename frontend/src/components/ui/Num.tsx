import type { Figure } from "@/lib/format";

/** A number with its unit, never broken apart. */
export function Num({ figure, className = "" }: { figure: Figure; className?: string }) {
  return (
    <span className={`num ${className}`}>
      {figure.value}
      {figure.unit && <span className="font-normal text-text-3">{`\u2009${figure.unit}`}</span>}
    </span>
  );
}
