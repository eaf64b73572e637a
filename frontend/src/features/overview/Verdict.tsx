import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Finding } from "@/api/client";
import { statusQuery } from "@/api/queries";
import { LevelGlyph } from "@/components/ui/Glyph";
import { StaleNote } from "@/components/ui/states";

const SHOWN = 3;

/** What is true, in words, before anything is drawn. */
export function Verdict() {
  const { data, error, dataUpdatedAt } = useQuery(statusQuery);
  if (!data) {
    return (
      <p className="min-h-5 py-1 text-verdict">
        {error ? "Nobody knows whether mail flows: the API does not answer." : "\u00a0"}
      </p>
    );
  }
  const shown = data.findings.slice(0, SHOWN);
  const rest = data.findings.length - shown.length;
  return (
    <div className="flex items-start gap-2.5 py-1 text-verdict" aria-live="polite" data-testid="verdict">
      <span className="mt-0.5">
        <LevelGlyph level={data.level} size={17} />
      </span>
      <p className="max-w-[110ch] text-text-2">
        <strong className="font-heading text-text">{data.headline}</strong> {data.detail}
        {shown.map((finding, i) => (
          <span key={finding.text}>
            {i > 0 && (i === shown.length - 1 && rest === 0 ? " and " : ", ")}
            <FindingLink finding={finding} />
          </span>
        ))}
        {rest > 0 && ` and ${rest} more`}
        {shown.length > 0 && "."} {error && <StaleNote since={dataUpdatedAt} />}
      </p>
    </div>
  );
}

function FindingLink({ finding }: { finding: Finding }) {
  if (finding.page === "pipeline") {
    return (
      <Link to="/pipeline" className="quiet-link">
        {finding.text}
      </Link>
    );
  }
  return (
    <Link
      to="/mail"
      className="quiet-link"
      search={(before) => ({
        ...before,
        from: "-15m",
        to: undefined,
        ...(finding.outcome ? { outcome: [finding.outcome] } : {}),
        ...(finding.provider ? { provider: [finding.provider] } : {}),
      })}
    >
      {finding.text}
    </Link>
  );
}
