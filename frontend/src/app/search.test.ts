import { describe, expect, it } from "vitest";
import { mailSearch, parseSearch, stringifySearch } from "./search";

describe("search", () => {
  it("keeps every filter through the URL and back", () => {
    const search = {
      from: "-6h",
      outcome: ["deferred", "blocked"],
      "not.provider": ["yahoo"],
      host: "out-01",
    };
    const query = stringifySearch(search);
    expect(query).toBe("?from=-6h&outcome=deferred&outcome=blocked&not.provider=yahoo&host=out-01");
    expect(mailSearch(parseSearch(query))).toEqual(search);
  });

  it("drops what it does not know or what is empty", () => {
    expect(mailSearch(parseSearch("?tz=mars&from=&x=1&outcome="))).toEqual({});
  });
});
