import { describe, expect, it } from "vitest";
import * as f from "./format";

const T = "\u2009";
const at = Date.UTC(2026, 10, 19, 2, 24, 10);

describe("counts", () => {
  it.each([
    [0, "0"],
    [940, "940"],
    [999.6, `1.00${T}k`],
    [12_400, `12.4${T}k`],
    [999_600, `1.00${T}M`],
    [1_140_000, `1.14${T}M`],
    [-2_400, `\u22122.40${T}k`],
  ])("writes %d as %s", (n, expected) => expect(f.count(n)).toBe(expected));
  it("has a dash for none, and commas where all digits matter", () => {
    expect(f.count(null)).toBe("–");
    expect(f.exact(21_447)).toBe("21,447");
    expect(f.exact(-1_204)).toBe("\u22121,204");
  });
});

describe("rates and shares", () => {
  it.each([
    [2_410, `2.41${T}k/s`],
    [0.4, `0.4${T}/s`],
    [0, `0${T}/s`],
    [null, "–"],
  ])("writes a rate of %s as %s", (n, expected) => expect(f.rate(n)).toBe(expected));
  it.each([
    [0.923, `92.3${T}%`],
    [0.0097, `0.97${T}%`],
    [0, `0${T}%`],
    [1, `100${T}%`],
    [0.99999, `99.9${T}%`],
    [0.00001, `<0.01${T}%`],
    [null, "–"],
  ])("writes a share of %s as %s", (n, expected) => expect(f.percent(n)).toBe(expected));
  it("writes differences in points without sign", () => {
    expect(f.points(-0.029)).toBe(`2.9${T}pt`);
    expect(f.points(0.001)).toBe(`0.10${T}pt`);
  });
});

describe("durations", () => {
  it.each([
    [940, `940${T}ms`],
    [999.7, `1.0${T}s`],
    [2_300, `2.3${T}s`],
    [58_000, `58${T}s`],
    [59_700, "1m 00s"],
    [192_000, "3m 12s"],
    [7_620_000, "2h 07m"],
    [792_000_000, "9d 4h"],
    [-2_300, `\u22122.3${T}s`],
  ])("writes %d ms as %s", (ms, expected) => expect(f.duration(ms)).toBe(expected));
  it.each([
    [300, "now"],
    [12_900, "12s"],
    [360_000, "6m"],
    [7_300_000, "2h"],
  ])("writes an age of %d ms as %s", (ms, expected) => expect(f.age(ms)).toBe(expected));
  it("counts bytes in thousands", () => expect(f.bytes(48_200)).toBe(`48.2${T}kB`));
});

describe("times", () => {
  it("shows the time today, the day this year, and the year before", () => {
    expect(f.moment(at, at + 3_600_000, "utc")).toBe("02:24:10");
    expect(f.moment(Date.UTC(2026, 10, 18, 14, 20), at, "utc")).toBe("18 Nov 14:20");
    expect(f.moment(Date.UTC(2025, 2, 3), at, "utc")).toBe("3 Mar 2025");
  });
  it("shows the date at midnight on axes", () => {
    expect(f.axisTime(Date.UTC(2026, 10, 19), "utc")).toEqual({ label: "19 Nov", isDate: true });
    expect(f.axisTime(at, "utc")).toEqual({ label: "02:24", isDate: false });
  });
  it("copies ISO with an offset", () => {
    expect(f.iso(at, "utc")).toBe("2026-11-19T02:24:10.000Z");
    expect(Date.parse(f.iso(at, "local"))).toBe(at);
  });
});
