import { Search, X } from "lucide-react";
import { useState } from "react";
import { FILTERS, type FilterKey, type FilterName, type Filters } from "@/app/search";
import { parseFilter } from "./filter-text";

interface Props {
  filters: Filters;
  onAdd: (key: FilterKey, value: string) => void;
  onRemove: (key: FilterKey, value: string) => void;
}

/** A box to type filters into, and those that hold as chips. */
export function FilterBar({ filters, onAdd, onRemove }: Props) {
  const [typed, setTyped] = useState("");
  const [isOdd, setOdd] = useState(false);
  const submit = () => {
    const found = parseFilter(typed);
    setOdd(found === null && typed.trim() !== "");
    if (!found) return;
    onAdd(found.key, found.value);
    setTyped("");
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      <form
        className="flex h-8 w-full items-center gap-2 rounded-control border border-control-line bg-surface px-2.5 focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-1 md:w-[380px] pointer-coarse:h-11"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Search size={15} className="shrink-0 text-text-3" aria-hidden />
        <input
          data-search
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setOdd(false);
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
          aria-label="Filter"
          aria-invalid={isOdd}
          aria-describedby={isOdd ? "filter-odd" : undefined}
          placeholder="Queue id, address, domain, or provider:yahoo"
          spellCheck={false}
          autoComplete="off"
          className="min-w-0 flex-1 bg-transparent text-cell outline-none placeholder:text-text-3"
        />
        <kbd className="kbd max-md:hidden">/</kbd>
      </form>
      {isOdd && (
        <span id="filter-odd" role="alert" className="text-second text-deferred-ink">
          Give a queue id, an address, a domain, or name what it is: class:greylist, not provider:yahoo
        </span>
      )}
      {(Object.entries(filters) as [FilterKey, string[]][]).flatMap(([key, values]) =>
        values.map((value) => <Chip key={`${key}=${value}`} filter={key} value={value} onRemove={() => onRemove(key, value)} />),
      )}
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
      className={`inline-flex h-6 max-w-full items-center gap-1.5 rounded-full border pr-1 pl-2.5 text-second pointer-coarse:h-9 ${isNegative ? "border-control-line border-dashed" : "border-control-line"}`}
      data-testid="chip"
    >
      <span className="text-text-2">{name}</span>
      <span className="max-w-[320px] truncate font-row" title={value}>
        {value}
      </span>
      <button
        type="button"
        onClick={onRemove}
        className="grid size-[18px] place-items-center rounded-full text-text-3 hover:bg-raised hover:text-text pointer-coarse:size-8"
        aria-label={`Drop the filter ${name} ${value}`}
      >
        <X size={12} aria-hidden />
      </button>
    </span>
  );
}
