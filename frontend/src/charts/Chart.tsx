import { LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, TooltipComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import type { EChartsOption } from "echarts/types/dist/shared";
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Theme } from "./palette";

use([LineChart, GridComponent, TooltipComponent, MarkAreaComponent, CanvasRenderer]);

interface Props {
  option: EChartsOption;
  /** States the finding; the table behind the chart has the figures. */
  label: string;
  height: number;
  /** A click at a place on the time axis, epoch ms, on the series of that name where there is one. */
  onPick?: ((ms: number, series: string | null) => void) | undefined;
}

/** The one way to draw with ECharts: sized by its box, no animation, disposed with it. */
export function Chart({ option, label, height, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    if (!box.current) return;
    const made = init(box.current, undefined, { renderer: "canvas" });
    chart.current = made;
    made.getZr().on("click", (event) => {
      const point = [event.offsetX, event.offsetY];
      if (!made.containPixel("grid", point)) return;
      const at = made.convertFromPixel({ xAxisIndex: 0 }, event.offsetX);
      if (typeof at === "number") pick.current?.(at, null);
    });
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    // The tooltip is merged, not made anew: it would vanish under the pointer each second.
    chart.current?.setOption(option, { replaceMerge: ["series"] });
  }, [option]);

  return <div ref={box} role="img" aria-label={label} style={{ height }} className="w-full" />;
}

function subscribeTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

/** The theme that is painted now: canvas has to be told. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribeTheme, () =>
    document.documentElement.dataset.theme === "light" ? "light" : "dark",
  );
}
