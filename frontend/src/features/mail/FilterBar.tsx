import { Plus, X } from "lucide-react";
import { FILTERS, type FilterKey, type FilterName, type Filters } from "@/app/search";

interface Props {
  filters: Filters;
  onAdd: (key: FilterKey, value: string) => void;
  onRemove: (key: FilterKey, value: string) => void;
}

const QUICK = ["deferred", "bounced", "blocked"] as const;

/** The filters that hold, as chips, and those most asked for. */
export function FilterBar({ filters, onAdd, onRemove }: Props) {
  const chips = (Object.entries(filters) as [FilterKey, string[]][]).flatMap(([key, values]) =>
    values.map((value) => ({ key, value })),
  );
  const missing = QUICK.filter((name) => !filters.outcome?.includes(name));
  return (
    <div className="flex min-h-6 flex-wrap items-center gap-2">
      {chips.map(({ key, value }) => (
        <Chip key={`${key}=${value}`} filter={key} value={value} onRemove={() => onRemove(key, value)} />
      ))}
      {missing.map((name) => (
        <button
          key={name}
          type="button"
          onClick={() => onAdd("outcome", name)}
          className="inline-flex h-6 items-center gap-1 rounded-full px-2 text-second text-text-2 hover:bg-raised hover:text-text pointer-coarse:h-11"
        >
          <Plus size={13} aria-hidden /> {name}
        </button>
      ))}
      <button
        type="button"
        onClick={() => document.querySelector<HTMLElement>("[data-search]")?.focus()}
        className="inline-flex h-6 items-center gap-1 rounded-full px-2 text-second text-text-2 hover:bg-raised hover:text-text max-md:hidden"
      >
        <Plus size={13} aria-hidden /> Filter
      </button>
    </div>
  );
}

interface ChipProps {
  filter: FilterKey;
  value: string;
  onRemove: () => void;
}

function Chip({ filter, value, onRemove }: ChipProps) {
  const isNegative = filter.startsWith("not.");
  const word = FILTERS[filter.replace("not.", "") as FilterName];
  const name = `${isNegative ? "not " : ""}${word}`;
  return (
    <span
      className={`inline-flex h-6 max-w-full items-center gap-1.5 rounded-full border border-control-line pr-1 pl-2.5 text-second pointer-coarse:h-11 ${isNegative ? "border-dashed" : ""}`}
      data-testid="chip"
    >
      <span className="text-text-2">{name}</span>
      <span className="max-w-[320px] truncate font-row" title={value}>
        {value}
      </span>
      <button
        type="button"
        onClick={onRemove}
        className="grid size-6 place-items-center rounded-full text-text-3 hover:bg-raised hover:text-text pointer-coarse:size-10"
        aria-label={`Drop the filter ${name} ${value}`}
      >
        <X size={12} aria-hidden />
      </button>
    </span>
  );
}
