import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explorerFields } from "./explorer/state.ts";
import { laboratoryFields } from "./laboratory/state.ts";
import { type Fields, numberField, readState, wordField, writeState } from "./state.ts";

interface Some {
  n: number;
  w: "a" | "b";
  texts: string[];
}
const fields: Fields<Some> = {
  n: numberField(3, { min: 0, max: 10 }),
  w: wordField("a", ["a", "b"]),
  texts: { byDefault: ["x"], read: (texts) => [...texts], write: (texts) => texts },
};

describe("a page's state", () => {
  it("comes back from its address", () => {
    const state = fc.record<Some>({
      n: fc.double({ min: 0, max: 10, noNaN: true }).map((v) => v + 0),
      w: fc.constantFrom("a" as const, "b" as const),
      texts: fc.array(fc.string(), { minLength: 1 }),
    });
    fc.assert(
      fc.property(state, (s) => {
        const query = writeState(fields, s);
        expect(query).not.toMatch(/[#\s]/);
        expect(readState<Some>(fields, query)).toEqual({ state: s, problems: [] });
      }),
    );
    expect(writeState<Some>(fields, { n: 3, w: "a", texts: ["x"] })).toBe("");
    expect(writeState<Some>(fields, { n: 4, w: "a", texts: ["focal(gamma=2)"] })).toBe("v=1&n=4&texts=focal(gamma=2)");
  });

  it.each([
    ["v=1&n=11", "n=11: expected a number from 0 to 10"],
    ["v=1&n=1&n=2", "is said 2 times"],
    ["v=1&m=1", 'm: there is no such setting; did you mean "n"?'],
    ["v=1&w=c", "expected one of a, b"],
    ["n=4", "expected v=1"],
    ["v=2&n=4", "v=2: expected v=1"],
  ])("says what is wrong with an address, and shows the default there: %s", (query, problem) => {
    const { state, problems } = readState(fields, query);
    expect(problems.join()).toContain(problem);
    expect(state).toEqual({ n: 3, w: "a", texts: ["x"] });
  });

  it.each([
    ["explorer", explorerFields as Fields<object>],
    ["laboratory", laboratoryFields as Fields<object>],
  ])("of the %s is by default in no address, and any text is read or refused", (_, own) => {
    expect(readState(own, "")).toEqual({ state: readState(own, "").state, problems: [] });
    expect(writeState(own, readState(own, "").state)).toBe("");
    const text = fc.oneof(fc.string(), fc.constantFrom("ce", "focal(gamma=2)", "1e9", "-1", "mlp", "blobs", "./a.csv"));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(own)), text, (name, said) => {
        const { state, problems } = readState(own, `v=1&${name}=${encodeURIComponent(said)}`);
        const again = readState(own, writeState(own, state));
        expect(again).toEqual({ state, problems: [] });
        expect(problems.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
