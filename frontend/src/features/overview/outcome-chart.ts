import type { EChartsOption, LineSeriesOption } from "echarts/types/dist/shared";
import type { Outcomes } from "@/api/client";
import { palette, type Theme } from "@/charts/palette";
import { axisTime, clock, exact, percent, rate, type Zone } from "@/lib/format";
import { ATTEMPTS, type Attempt, share, WORDS } from "@/lib/outcome";
import { type Bucket, buckets, drawn, perSecond } from "@/lib/series";

export interface ChartInput {
  data: Outcomes;
  theme: Theme;
  zone: Zone;
  visible: ReadonlySet<Attempt>;
  isNarrow: boolean;
}

export interface Drawn {
  option: EChartsOption;
  shown: Bucket[];
  /** What a figure on the upper axis is multiplied with, and how that is called. */
  unit: string;
}

const FONT = "Inter Variable";
const FILLS: Record<Attempt, string> = {
  delivered: "bg-delivered-fill",
  deferred: "bg-deferred-fill",
  bounced: "bg-bounced-fill",
  blocked: "bg-blocked-fill",
};
const TROUBLE = ATTEMPTS.filter((name) => name !== "delivered");

/** The stack of outcomes, and below it the share that was not delivered on an axis of its own. */
export function outcomeChart({ data, theme, zone, visible, isNarrow }: ChartInput): Drawn {
  const colors = palette[theme];
  const shown = drawn(buckets(data), data.bucketMs);
  const names = ATTEMPTS.filter((name) => visible.has(name));
  const top = Math.max(
    ...shown.map((b) => names.reduce((sum, name) => sum + (perSecond(b, name) ?? 0), 0)),
    0,
  );
  const scale = top >= 1000 ? 1000 : 1;
  const last = shown.findLast((bucket) => bucket.isKnown);
  const trouble = (b: Bucket) => TROUBLE.reduce((sum, name) => sum + (visible.has(name) ? b[name] : 0), 0);
  const most = Math.max(...shown.map((b) => (share(trouble(b), b.all) ?? 0) * 100), 0);
  // An even number, so that its half can be written without decimals.
  const troubleTop = Math.max(4, Math.ceil(most / 4) * 4);

  const area = (name: Attempt, grid: number, value: (b: Bucket) => number | null): LineSeriesOption => ({
    name: `${name}-${grid}`,
    type: "line",
    stack: `stack-${grid}`,
    xAxisIndex: grid,
    yAxisIndex: grid,
    data: shown.map((bucket) => [bucket.startMs, value(bucket)]),
    symbol: "none",
    silent: true,
    connectNulls: false,
    lineStyle: { width: name === "delivered" ? 1.5 : 0.75, color: colors[name].ink },
    areaStyle:
      name === "delivered"
        ? { opacity: 1, color: fade(colors.delivered.fill, theme === "dark" ? [0.34, 0.2] : [0.3, 0.12]) }
        : { opacity: theme === "dark" ? 0.86 : 0.9, color: colors[name].fill },
    emphasis: { disabled: true },
  });

  const series: LineSeriesOption[] = [
    ...names.map((name) => area(name, 0, (b) => (b.isKnown ? (perSecond(b, name) ?? 0) / scale : null))),
    ...TROUBLE.filter((name) => visible.has(name)).map((name) =>
      area(name, 1, (b) => (b.isKnown ? (share(b[name], b.all) ?? 0) * 100 : null)),
    ),
  ];
  const hatched = unknownAreas(shown, data.bucketMs);
  for (const grid of [0, 1]) {
    const first = series.find((s) => s.xAxisIndex === grid);
    if (first && hatched.length) {
      first.markArea = {
        silent: true,
        itemStyle: { color: hatch(colors.unknown.fill) as never },
        data: hatched.map(([from, to]) => [{ xAxis: from }, { xAxis: to }]),
      };
    }
    const topmost = series.filter((s) => s.xAxisIndex === grid).at(-1);
    if (topmost && last) {
      const value = grid === 0 ? names.reduce((sum, name) => sum + (perSecond(last, name) ?? 0), 0) : null;
      topmost.endLabel = {
        show: true,
        formatter: () => (value === null ? percent(share(trouble(last), last.all)) : rate(value)),
        color: colors["text-2"],
        fontFamily: FONT,
        fontSize: 11,
        distance: 6,
      };
    }
  }

  const xAxis = (grid: number) => ({
    type: "time" as const,
    gridIndex: grid,
    min: Math.max(data.fromMs, shown[0]?.startMs ?? data.fromMs),
    max: shown.at(-1)?.startMs ?? data.toMs,
    splitNumber: isNarrow ? 3 : 6,
    axisLine: { show: grid === 1, lineStyle: { color: colors.line } },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: colors.line, width: 1 } },
    axisPointer: {
      show: true,
      lineStyle: { color: colors["text-3"], type: "dashed" as const },
      label: { show: false },
    },
    axisLabel: {
      show: grid === 1,
      color: colors["text-3"],
      fontFamily: FONT,
      fontSize: 11,
      hideOverlap: true,
      showMinLabel: false,
      showMaxLabel: false,
      formatter: (ms: number) => {
        const { label, isDate } = axisTime(ms, zone);
        return isDate ? `{date|${label}}` : label;
      },
      rich: { date: { color: colors["text-2"], fontFamily: FONT, fontSize: 11 } },
    },
  });
  const yAxis = (grid: number) => ({
    type: "value" as const,
    gridIndex: grid,
    min: 0,
    ...(grid === 1 ? { max: troubleTop, interval: troubleTop / 2 } : { splitNumber: 3 }),
    splitLine: { lineStyle: { color: colors.line } },
    axisLabel: { color: colors["text-3"], fontFamily: FONT, fontSize: 11 },
  });

  const right = isNarrow ? 8 : 64;
  return {
    shown,
    unit: scale === 1000 ? "k/s" : "/s",
    option: {
      animation: false,
      useUTC: zone === "utc",
      textStyle: { fontFamily: FONT },
      grid: [
        { left: 44, right, top: 10, height: 128 },
        { left: 44, right, top: 166, height: 52 },
      ],
      xAxis: [xAxis(0), xAxis(1)],
      yAxis: [yAxis(0), yAxis(1)],
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: {
        trigger: "axis",
        confine: true,
        padding: 0,
        borderWidth: 0,
        backgroundColor: "transparent",
        extraCssText: "box-shadow: none",
        formatter: (params) => {
          const first = Array.isArray(params) ? params[0] : params;
          const bucket = first ? shown[first.dataIndex] : undefined;
          return bucket ? tooltip(bucket, data.bucketMs, zone) : "";
        },
      },
      series,
    },
  };
}

/** Stretches of unknown buckets, as pairs of epoch ms. */
function unknownAreas(shown: Bucket[], bucketMs: number): [number, number][] {
  const found: [number, number][] = [];
  for (const bucket of shown) {
    if (bucket.isKnown) continue;
    const open = found.at(-1);
    if (open && open[1] >= bucket.startMs - bucketMs) open[1] = bucket.startMs + bucketMs;
    else found.push([bucket.startMs - bucketMs, bucket.startMs + bucketMs]);
  }
  return found;
}

function hatch(color: string): object {
  const size = 8;
  const image = document.createElement("canvas");
  image.width = size;
  image.height = size;
  const draw = image.getContext("2d");
  if (draw) {
    draw.strokeStyle = color;
    draw.lineWidth = 1;
    draw.beginPath();
    for (const offset of [-size, 0, size]) {
      draw.moveTo(offset, size);
      draw.lineTo(offset + size, 0);
    }
    draw.stroke();
  }
  return { image, repeat: "repeat" };
}

function fade(color: string, [from, to]: readonly [number, number]) {
  const rgb = [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16)).join(",");
  return {
    type: "linear" as const,
    x: 0,
    y: 0,
    x2: 0,
    y2: 1,
    colorStops: [
      { offset: 0, color: `rgba(${rgb},${from})` },
      { offset: 1, color: `rgba(${rgb},${to})` },
    ],
  };
}

/** Built as elements: the policy of this page forbids style attributes in markup. */
function tooltip(bucket: Bucket, bucketMs: number, zone: Zone): HTMLElement {
  const box = element("div", "popup px-3 py-2 text-second text-text");
  box.append(
    element(
      "div",
      "num mb-1 text-text-2",
      `${clock(bucket.startMs, zone)} to ${clock(bucket.startMs + bucketMs, zone)}`,
    ),
  );
  if (!bucket.isKnown) {
    box.append(element("div", "text-text-2", "Not known yet"));
    return box;
  }
  for (const name of ATTEMPTS) {
    const row = element("div", "num flex items-center justify-between gap-6 leading-[18px]");
    const word = element("span", "flex items-center gap-2");
    word.append(element("span", `size-2 rounded-[2px] ${FILLS[name]}`), WORDS[name]);
    row.append(word, element("span", "font-number", `${percent(share(bucket[name], bucket.all))}`));
    box.append(row);
  }
  box.append(
    element("div", "num mt-1 text-text-3", `${exact(bucket.all)} attempts · ${exact(bucket.queued)} queued`),
  );
  return box;
}

function element(tag: string, className: string, text?: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}
