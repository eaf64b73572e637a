import { describe, expect, it } from "vitest";
import { parseFilter } from "./filter-text";

describe("a typed filter", () => {
  it.each([
    ["provider:yahoo", "provider", "yahoo"],
    ["not provider:yahoo", "not.provider", "yahoo"],
    ["-class:greylist", "not.class", "greylist"],
    ["19a9b1f04c2000b7d4", "queueId", "19a9b1f04c2000b7d4"],
    ["19a9b1f04c2000b7d4.001", "queueId", "19a9b1f04c2000b7d4"],
    ["198.51.100.77", "sourceIp", "198.51.100.77"],
    ["2001:db8::1", "sourceIp", "2001:db8::1"],
    ["Outlook.example", "recipientDomain", "outlook.example"],
    ["blocked", "outcome", "blocked"],
    ["reply: 451 4.7.650 The mail server", "template", "451 4.7.650 The mail server"],
  ])("%s", (typed, key, value) => expect(parseFilter(typed)).toEqual({ key, value }));

  it("is nothing when it cannot be understood", () => {
    expect(parseFilter("hello")).toBeNull();
    expect(parseFilter("")).toBeNull();
    expect(parseFilter("not 19a9b1f04c2000b7d4")).toBeNull();
  });
});
