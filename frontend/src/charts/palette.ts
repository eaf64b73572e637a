/** The colour tokens as hex, for canvas: it takes no CSS variables. The values are those of tokens.css. */
export const palette = {
  dark: {
    surface: "#131418",
    overlay: "#202227",
    line: "#222528",
    "line-strong": "#3d4046",
    text: "#ebedef",
    "text-2": "#b3b6bc",
    "text-3": "#8d9198",
    delivered: { fill: "#5bb0a3", ink: "#77d1c2" },
    deferred: { fill: "#f6c162", ink: "#f6ca70" },
    bounced: { fill: "#e3613a", ink: "#fa9673" },
    blocked: { fill: "#bd308d", ink: "#f695c8" },
    unknown: { fill: "#606369", ink: "#a4a8af" },
  },
  light: {
    surface: "#ffffff",
    overlay: "#ffffff",
    line: "#e2e4e7",
    "line-strong": "#c9ccd1",
    text: "#191c22",
    "text-2": "#494d55",
    "text-3": "#656971",
    delivered: { fill: "#209194", ink: "#026465" },
    deferred: { fill: "#f9b138", ink: "#88520a" },
    bounced: { fill: "#d94816", ink: "#ad3210" },
    blocked: { fill: "#8b0b52", ink: "#931157" },
    unknown: { fill: "#9b9ea6", ink: "#585c64" },
  },
} as const;

export type Theme = keyof typeof palette;
