import { describe, expect, it } from "vitest";
import { isMoving, relativeMs, resolve, shift, zoomOut } from "./range";

const now = Date.UTC(2026, 10, 22, 12);
const hour = 3600e3;

describe("range", () => {
  it("reads relative and fixed ends", () => {
    expect(relativeMs("-6h")).toBe(6 * hour);
    expect(relativeMs("6h")).toBeNull();
    expect(resolve({ from: "-1h", to: undefined }, now)).toEqual({ fromMs: now - hour, toMs: now });
    expect(resolve({ from: "2026-11-22T10:00:00Z", to: "2026-11-22T11:00:00Z" }, now)).toEqual({
      fromMs: now - 2 * hour,
      toMs: now - hour,
    });
    expect(resolve({ from: "yesterday", to: undefined }, now)).toBeNull();
  });

  it("shifts back to a fixed range, and forward to now again", () => {
    const back = shift({ from: "-1h", to: undefined }, -1, now);
    expect(resolve(back, now)).toEqual({ fromMs: now - 1.5 * hour, toMs: now - 0.5 * hour });
    expect(isMoving(back)).toBe(false);
    const later = now + 20_000;
    expect(shift(back, 1, later)).toEqual({ from: "-1h", to: undefined });
  });

  it("zooms out through the presets and stops at the longest", () => {
    expect(zoomOut({ from: "-1h", to: undefined }, now).from).toBe("-6h");
    expect(zoomOut({ from: "-7d", to: undefined }, now).from).toBe("-7d");
    const fixed = shift({ from: "-1h", to: undefined }, -1, now);
    const wide = resolve(zoomOut(fixed, now), now);
    expect(wide).toEqual({ fromMs: now - 2 * hour, toMs: now });
  });
});
