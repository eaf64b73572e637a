import { describe, expect, it } from "vitest";
import { step } from "./HeatStrip";
import { thinned } from "./Sparkline";

describe("the sequential ramp", () => {
  it("is fixed at its end, never out of bounds, and lets nothing disappear into it", () => {
    expect(step(0, 0.4)).toBe(0);
    expect(step(0.4, 0.4)).toBe(24);
    expect(step(3, 0.4)).toBe(24);
    expect(step(0.1, 0.4)).toBeLessThan(step(0.2, 0.4));
  });
});

describe("a sparkline", () => {
  it("keeps few points as they are and takes means of many, unknown stays unknown", () => {
    expect(thinned([1, null, 3], 4)).toEqual([1, null, 3]);
    expect(thinned([1, 3, 5, 7], 2)).toEqual([2, 6]);
    expect(thinned([null, null, 5, 7], 2)).toEqual([null, 6]);
  });
});
