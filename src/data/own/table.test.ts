import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { errorsOf, type UserError } from "../../util/errors.ts";
import { readOwn } from "./disk.ts";
import type { OwnOptions } from "./format.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "losslab-table-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
function mistakes(path: string, options: OwnOptions = {}): string[] {
  try {
    readOwn(path, options);
  } catch (error) {
    return errorsOf(error as UserError).map(
      (e) => `${e.where?.replace(folder, "")}: ${e.message}${e.hint ? ` (${e.hint})` : ""}`,
    );
  }
  return [];
}

const IRIS = "sepal,petal,species\n5.1,1.4,setosa\n7.0,4.7,versicolor\n6.3,6.0,virginica\n4.9,1.3,setosa\n";

describe("a table", () => {
  it("comes back as it was written, with any of its delimiters", () => {
    const cells = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e30), max: Math.fround(1e30) });
    const rows = fc.array(fc.tuple(cells, cells, fc.constantFrom("a", "b b", 'c"c', "d,d;d")), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(rows, fc.constantFrom(",", ";", "\t"), fc.constantFrom("\n", "\r\n"), (rows, mark, end) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        // Both classes and spreads that float32 keeps: what a table must have besides.
        const all = [...rows, [1e30, -1e30, "a"], [-1e30, 1e30, "b b"]] as const;
        const lines = [["u", "class", "v"], ...all.map(([u, v, name]) => [String(u), quoted(name), String(v)])];
        const { shape, classes, train } = readOwn(
          put("t.csv", `\ufeff${lines.map((line) => line.join(mark)).join(end)}${end}`),
        );
        expect(shape).toEqual([2]);
        expect(classes).toEqual([...new Set(all.map(([, , name]) => name))].sort());
        expect(train.images).toEqual(Float32Array.from(all.flatMap(([u, v]) => [u + 0, v + 0])));
        expect([...train.labels].map((k) => classes[k])).toEqual(all.map(([, , name]) => name));
      }),
    );
  });

  it("has its classes where the study says, and columns that are no features", () => {
    const path = put("iris.csv", IRIS);
    const { name, shape, classes, train } = readOwn(path, { label: "species" });
    expect({ name, shape, classes }).toEqual({
      name: "./iris.csv",
      shape: [2],
      classes: ["setosa", "versicolor", "virginica"],
    });
    expect([...train.labels]).toEqual([0, 1, 2, 0]);
    expect(readOwn(path, { label: "species", ignore: "sepal" }).shape).toEqual([1]);
    expect(readOwn(put("n.csv", "label,x\n10,1\n9,2\n"), {}).classes).toEqual(["9", "10"]);
  });

  it("may be a folder with parts, whose classes the training part tells", () => {
    put("train.csv", IRIS);
    put("test.csv", IRIS);
    expect(readOwn(folder, { label: "species" }).test.labels).toHaveLength(4);
    put("test.csv", IRIS.replace("4.9,1.3,setosa", "4.9,1.3,setosaa"));
    expect(mistakes(folder, { label: "species" })).toEqual([
      '/test.csv:5: class "setosaa" is not in the training part (did you mean "setosa"?)',
    ]);
    put("test.csv", IRIS.replace("petal", "leaf"));
    expect(mistakes(folder, { label: "species" })[0]).toContain("/test.csv: has other columns than");
    put("extra.csv", IRIS);
    expect(mistakes(folder, { label: "species" }).join()).toContain("/extra.csv: is neither train.csv nor test.csv");
  });

  it("tells all that is wrong with its cells at once, with their lines", () => {
    const text = "a,b,label\n1,2,x\n,2,y\n1,red,x\n1,2\n0x10,2,y\n1,NaN,x\n1,2,\n1,Infinity,y\n";
    expect(mistakes(put("t.csv", text)).map((m) => m.replace(/ \(.*/, ""))).toEqual([
      "/t.csv:3: a is missing, expected a number",
      '/t.csv:4: b is "red", expected a number',
      '/t.csv:6: a is "0x10", expected a number',
      '/t.csv:7: b is "NaN", expected a number',
      '/t.csv:9: b is "Infinity", expected a number',
      "/t.csv:5: has 2 cells, expected 3 as in the first line",
      '/t.csv:8: has no class in the column "label"',
    ]);
  });

  it.each([
    ["no column of classes", "a,b\n1,2\n", {}, "no column is called label, class, target: which holds the classes?"],
    ["two of them", "label,class\n1,2\n", {}, "label and class are among label, class, target"],
    ["a mistyped column", IRIS, { label: "spezies" }, 'there is no column "spezies" (did you mean "species"?)'],
    ["a mistyped column to ignore", IRIS, { label: "species", ignore: ["sepals"] }, 'did you mean "sepal"?'],
    [
      "no line of names",
      "1,2,3\n4,5,6\n",
      { label: "3" },
      "the first line holds numbers, expected the names of the columns",
    ],
    ["a column twice", "a,a,label\n1,2,x\n1,2,y\n", {}, 'two columns are called "a"'],
    ["a column without a name", "a,,label\n1,2,x\n1,2,y\n", {}, "column 2 has no name"],
    ["no features", "label\nx\ny\n", {}, "there are no features beside the classes"],
    ["no examples", "a,label\n", {}, "has a line of names and no examples"],
    ["nothing", "", {}, "is empty"],
    ["an open quote", 'a,label\n"1,x\n', {}, "is no table: "],
    ["a single class", "a,label\n1,x\n2,x\n", {}, 'there is a single class, "x"'],
    [
      "digits beyond float32",
      "t,label\n1700000000,x\n1700000001,y\n1700000002,x\n",
      {},
      "t varies in digits that float32 does not keep",
    ],
    ["an option of pictures", "a,label\n1,x\n2,y\n", { resize: 8 }, "resize means nothing to a table"],
  ])("is refused: %s", (_, text, options, message) => {
    expect(mistakes(put("t.csv", text), options).join("\n")).toContain(message);
  });

  it("is not taken for another format", () => {
    put("train.csv", IRIS);
    mkdirSync(join(folder, "pictures"));
    expect(mistakes(folder)[0]).toContain("may be a table");
  });
});
