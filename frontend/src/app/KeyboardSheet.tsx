import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { MODULES } from "./modules";

const GROUPS: readonly { title: string; keys: readonly (readonly [string[], string])[] }[] = [
  { title: "Go", keys: MODULES.map((m) => [["g", m.key], m.title] as const) },
  {
    title: "Move",
    keys: [
      [["j"], "Next row"],
      [["k"], "Row before"],
      [["Enter"], "Open the row"],
      [["t", "←"], "Range back"],
      [["t", "→"], "Range forward"],
      [["t", "z"], "Longer range"],
    ],
  },
  {
    title: "Act",
    keys: [
      [["/"], "Search or filter"],
      [["Space"], "Pause live figures"],
      [["r"], "Read everything anew"],
      [["Esc"], "Close"],
      [["?"], "This sheet"],
    ],
  },
];

/** All keys, grouped. */
export function KeyboardSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-labelledby="keys-title"
      className="popup m-auto w-[720px] max-w-[calc(100vw-24px)] p-0 text-text backdrop:bg-[oklch(0_0_0/0.5)]"
    >
      <header className="flex items-center justify-between px-5 pt-4">
        <h2 id="keys-title" className="text-verdict font-heading">
          Keyboard
        </h2>
        <button type="button" className="control px-2" onClick={onClose} aria-label="Close">
          <X size={15} aria-hidden />
        </button>
      </header>
      <div className="grid gap-x-8 gap-y-5 p-5 md:grid-cols-3">
        {GROUPS.map((group) => (
          <section key={group.title}>
            <h3 className="mb-2 text-second text-text-3">{group.title}</h3>
            <dl className="flex flex-col gap-1.5">
              {group.keys.map(([keys, what]) => (
                <div key={what} className="flex items-center justify-between gap-3">
                  <dt>{what}</dt>
                  <dd className="flex gap-1">
                    {keys.map((key) => (
                      <kbd key={key} className="kbd">
                        {key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}
