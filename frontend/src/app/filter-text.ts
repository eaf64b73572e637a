import { isOutcome } from "@/lib/outcome";
import { FILTERS, type FilterKey, type FilterName } from "./search";

export interface ParsedFilter {
  key: FilterKey;
  value: string;
}

const NAMES: Record<string, FilterName> = Object.fromEntries([
  ...(Object.keys(FILTERS) as FilterName[]).map((name) => [name.toLowerCase(), name]),
  ["ip", "sourceIp"],
  ["address", "sourceIp"],
  ["domain", "recipientDomain"],
  ["to", "recipientDomain"],
  ["from", "senderDomain"],
  ["id", "queueId"],
  ["category", "zonemtaCategory"],
  ["reply", "template"],
]);

/**
 * What somebody typed, as a filter: `provider:yahoo`, `not class:greylist`, or a bare queue id, address,
 * outcome or domain. Null when it is none of these.
 */
export function parseFilter(typed: string): ParsedFilter | null {
  const bare = typed.trim().replace(/^(not\s+|-|!)/i, "");
  const isNegative = bare !== typed.trim();
  const match = /^([a-z]+)\s*[:=]\s*(.+)$/i.exec(bare);
  const named = match && NAMES[match[1]?.toLowerCase() ?? ""];
  const name = named || guess(bare);
  const value = (named ? (match[2] ?? "") : bare).trim();
  if (!name || !value) return null;
  if (name === "queueId") return isNegative ? null : { key: name, value: value.split(".")[0] ?? value };
  const lower = name === "recipientDomain" || name === "senderDomain" || name === "outcome";
  return { key: isNegative ? `not.${name}` : name, value: lower ? value.toLowerCase() : value };
}

function guess(text: string): FilterName | null {
  if (/^[0-9a-f]{18}(\.[0-9a-f]+)?$/i.test(text)) return "queueId";
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text) || /^[0-9a-f]*:[0-9a-f:.]+$/i.test(text)) return "sourceIp";
  if (isOutcome(text.toLowerCase())) return "outcome";
  if (/^@?[\p{L}\d-]+(\.[\p{L}\d-]+)+$/u.test(text)) return "recipientDomain";
  return null;
}
