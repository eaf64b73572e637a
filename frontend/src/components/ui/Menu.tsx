import { Menu as Base } from "@base-ui/react/menu";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";

interface Choice {
  value: string;
  label: string;
  note?: string | undefined;
}

interface Props {
  /** What is chosen here; what is chosen now stands in `children`. */
  label: string;
  value: string;
  choices: Choice[];
  onChoose: (value: string) => void;
  children: ReactNode;
  hasArrow?: boolean;
}

/** A button that opens a list with one choice. */
export function ChoiceMenu({ label, value, choices, onChoose, children, hasArrow = true }: Props) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger className="control">
        <span className="sr-only">{label}</span>
        {children}
        {hasArrow && <ChevronDown size={14} className="text-text-3" aria-hidden />}
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className="z-50">
          <Base.Popup className="popup max-h-[60vh] min-w-[176px] overflow-auto p-1 outline-none">
            <Base.RadioGroup value={value} onValueChange={(next: string) => onChoose(next)}>
              {choices.map((choice) => (
                <Base.RadioItem
                  key={choice.value}
                  value={choice.value}
                  closeOnClick
                  className="flex h-7 cursor-default items-center gap-2 rounded-control px-2 text-cell outline-none data-[highlighted]:bg-accent-soft pointer-coarse:h-11"
                >
                  <span className="w-4">
                    <Base.RadioItemIndicator>
                      <Check size={14} className="text-accent" aria-hidden />
                    </Base.RadioItemIndicator>
                  </span>
                  <span className="flex-1">{choice.label}</span>
                  {choice.note && <span className="num text-text-3">{choice.note}</span>}
                </Base.RadioItem>
              ))}
            </Base.RadioGroup>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
