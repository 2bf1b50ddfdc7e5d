import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choose, zoo } from "../../src/core.ts";
import { read, write } from "./words.ts";

const key = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,6}$/).filter((k) => !["true", "false", "null"].includes(k));
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0); // -0 is 0 in an address
const leaf = fc.oneof(number, fc.boolean(), fc.string(), fc.constant(null));
const { value } = fc.letrec((tie) => ({
  member: fc.tuple(key, fc.dictionary(key, tie("value"), { minKeys: 1, maxKeys: 3 })).map(([k, v]) => ({ [k]: v })),
  value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("member")),
}));

describe("words of an address", () => {
  it("come back as they were written", () => {
    fc.assert(
      fc.property(value, (v) => {
        expect(read(write(v))).toEqual(v);
      }),
    );
  });

  it("are short for what people mean", () => {
    expect(write("ce")).toBe("ce");
    expect(write({ focal: { gamma: 0.5 } })).toBe("focal(gamma=0.5)");
    expect(write({ mlp: { hidden: [16, 16] } })).toBe("mlp(hidden=[16,16])");
    expect(read('sum(terms=[ce,focal(gamma=2)],note="a, b")')).toEqual({
      sum: { terms: ["ce", { focal: { gamma: 2 } }], note: "a, b" },
    });
  });

  it.each([
    ["focal(", "a parameter's name at character 7, found the end"],
    ["focal(gamma)", '"=" at character 12'],
    ["focal(gamma=2", '"," or ")" at character 14'],
    ["[1,2", '"," or "]" at character 5'],
    ["ce mae", "the end at character 3"],
    ["", "a name, a number, a text in quotes or a list at character 1"],
    ["focal(gamma=1,gamma=2)", '"gamma" once'],
  ])("that make no sense are refused: %s", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("name every loss, as a study file does", () => {
    for (const name of Object.keys(zoo.losses)) {
      if (zoo.losses[name].examples) continue;
      const { spec } = choose("loss", zoo.losses, name);
      expect(choose("loss", zoo.losses, read(write(spec))).spec).toEqual(spec);
    }
  });
});
