import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useState } from "react";
import { parseFilter } from "./filter-text";
import { filtersOf, frameSearch, parseSearch } from "./search";

/** From every screen to the events of a queue id, an address, a domain, or any other filter. */
export function SearchBox() {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [isOdd, setOdd] = useState(false);

  const submit = () => {
    const found = parseFilter(typed);
    setOdd(found === null && typed.trim() !== "");
    if (!found) return;
    const raw = parseSearch(location.search);
    const before = location.pathname === "/mail" ? filtersOf(raw) : {};
    const values = [...new Set([...(before[found.key] ?? []), found.value])];
    // A queue id names its own time, so the range must not cut it.
    const range = found.key === "queueId" ? { from: undefined, to: undefined } : {};
    setTyped("");
    void navigate({
      to: "/mail",
      search: { ...frameSearch(raw), ...range, ...before, [found.key]: values } as never,
    });
  };

  return (
    <search className="contents">
      <form
        className="relative flex h-[30px] w-[300px] min-w-0 items-center gap-2 rounded-control border border-line bg-surface px-2.5 focus-within:outline-2 focus-within:outline-focus focus-within:outline-offset-1 max-lg:w-[220px] max-md:hidden"
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
          aria-label="Search mail events"
          aria-invalid={isOdd}
          aria-describedby={isOdd ? "search-odd" : undefined}
          placeholder="Search events"
          title="A queue id, an address, a domain, or a filter as provider:yahoo or not class:greylist"
          spellCheck={false}
          autoComplete="off"
          className="min-w-0 flex-1 bg-transparent text-cell outline-none placeholder:text-text-3"
        />
        <kbd className="kbd">/</kbd>
        {isOdd && (
          <p
            id="search-odd"
            role="alert"
            className="popup absolute top-9 left-0 w-[300px] px-3 py-2 text-second text-text"
          >
            Give a queue id, an address, a domain, or name what it is:{" "}
            <code className="mono">class:greylist</code>, <code className="mono">not provider:yahoo</code>
          </p>
        )}
      </form>
    </search>
  );
}
