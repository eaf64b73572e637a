/** Everything that selects data lives in the URL; this reads and writes it. */

export const FILTERS = {
  outcome: "outcome",
  action: "action",
  provider: "provider",
  class: "class",
  zonemtaCategory: "ZoneMTA category",
  zone: "zone",
  sourceIp: "address",
  recipientDomain: "recipient domain",
  senderDomain: "sender domain",
  queueId: "queue id",
  template: "reply",
} as const;

export type FilterName = keyof typeof FILTERS;
export type FilterKey = FilterName | `not.${Exclude<FilterName, "queueId">}`;
export type Filters = { [K in FilterKey]?: string[] };

export interface FrameSearch {
  from?: string | undefined;
  to?: string | undefined;
  host?: string | undefined;
  tz?: "utc" | "local" | undefined;
}

/** `event` names the open drawer: `queueId.seq.action.time`. */
export interface MailSearch extends FrameSearch, Filters {
  event?: string | undefined;
}

type Raw = Record<string, unknown>;

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((v): v is string => typeof v === "string" && v !== "");
const text = (value: unknown): string | undefined => texts(value)[0];

export function frameSearch(raw: Raw): FrameSearch {
  const tz = text(raw.tz);
  return defined({
    from: text(raw.from),
    to: text(raw.to),
    host: text(raw.host),
    tz: tz === "local" || tz === "utc" ? tz : undefined,
  });
}

export function filtersOf(raw: Raw): Filters {
  const found: Filters = {};
  for (const name of Object.keys(FILTERS) as FilterName[]) {
    for (const key of name === "queueId" ? [name] : ([name, `not.${name}`] as FilterKey[])) {
      const values = [...new Set(texts(raw[key]))];
      if (values.length) found[key] = values;
    }
  }
  return found;
}

export const mailSearch = (raw: Raw): MailSearch => ({
  ...frameSearch(raw),
  ...filtersOf(raw),
  ...defined({ event: text(raw.event) }),
});

export const overviewSearch = (
  raw: Raw,
): FrameSearch & { event?: string | undefined; sort?: string | undefined } => ({
  ...frameSearch(raw),
  ...defined({ event: text(raw.event), sort: text(raw.sort) }),
});

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** `a=1&b=x&b=y`: plain query strings, a key given twice for a list. */
export function parseSearch(query: string): Raw {
  const found: Raw = {};
  for (const [key, value] of new URLSearchParams(query)) {
    const before = found[key];
    found[key] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return found;
}

export function stringifySearch(search: Raw): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) for (const one of texts(value)) query.append(key, one);
  const written = query.toString();
  return written ? `?${written}` : "";
}
