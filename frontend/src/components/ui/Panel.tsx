import { type ReactNode, useId } from "react";

interface Props {
  title: string;
  /** Unit, scope and basis. */
  sub?: ReactNode;
  /** A legend or one link. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A section of the page with its heading. */
export function Panel({ title, sub, aside, className = "", children }: Props) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`panel flex min-w-0 flex-col overflow-hidden ${className}`}>
      <header className="flex min-h-[38px] flex-wrap items-center gap-x-2 px-3.5 py-2">
        <h2 id={id} className="text-body font-heading">
          {title}
        </h2>
        {sub && <span className="text-second text-text-3">{sub}</span>}
        {aside && (
          <div className="ml-auto flex min-w-0 items-center gap-3 text-second text-text-2">{aside}</div>
        )}
      </header>
      {children}
    </section>
  );
}
