import { describe, expect, it } from "vitest";
import { z } from "zod";
import { UserError } from "../util/errors.ts";
import { choice, choose, type Entry, flag, number, requiredNumber } from "./entry.ts";
import { zoo } from "./index.ts";

const zooOf = (...entries: Omit<Entry, "title" | "summary">[]): Record<string, Entry> =>
  Object.fromEntries(entries.map((entry) => [entry.name, { title: entry.name, summary: "", ...entry }]));

const fruits = zooOf(
  {
    name: "apple",
    primary: "size",
    params: {
      size: number("how big", { default: 2, min: 0, below: 10 }),
      colour: choice("its colour", ["red", "green"]),
      ripe: flag("ready to eat"),
      seeds: z.array(z.number().int()).default([1]),
    },
  },
  { name: "pear", params: { weight: requiredNumber("grams", { above: 0, integer: true }) } },
  { name: "plum", params: {} },
);
const message = (said: unknown): string => {
  try {
    choose("fruit", fruits, said);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  return "no error";
};

describe("choose", () => {
  it("makes all parameters explicit", () => {
    const spec = { apple: { size: 2, colour: "red", ripe: false, seeds: [1] } };
    expect(choose("fruit", fruits, "apple").spec).toEqual(spec);
    expect(choose("fruit", fruits, { apple: {} }).spec).toEqual(spec);
    expect(choose("fruit", fruits, { apple: null }).spec).toEqual(spec);
    expect(choose("fruit", fruits, { apple: { colour: "green" } }).params.colour).toBe("green");
  });

  it("reads its own canonical form", () => {
    const { spec } = choose("fruit", fruits, { apple: 3 });
    expect(choose("fruit", fruits, spec).spec).toEqual(spec);
  });

  it("takes a bare value for the primary parameter", () => {
    expect(choose("fruit", fruits, { apple: 3 }).params.size).toBe(3);
    expect(message({ pear: 3 })).toBe("fruit.pear: takes its parameters by name, got 3");
  });

  it.each([
    ["aple", 'fruit: there is no fruit "aple" (did you mean "apple"?)'],
    ["xyzzy", 'fruit: there is no fruit "xyzzy" (valid: apple, pear, plum)'],
    ["toString", 'fruit: there is no fruit "toString"'],
    [{ apple: { colur: "red" } }, 'fruit.apple.colur: there is no parameter "colur" (did you mean "colour"?)'],
    [{ plum: { size: 1 } }, 'fruit.plum.size: there is no parameter "size" (it takes no parameters)'],
    [
      { apple: { colour: "gren" } },
      'fruit.apple.colour: must be one of red, green, got "gren" (did you mean "green"?)',
    ],
    [{ apple: { size: "big" } }, 'fruit.apple.size: must be a number, got "big"'],
    [{ apple: { size: -1 } }, "fruit.apple.size: must be >= 0, got -1"],
    [{ apple: 10 }, "fruit.apple.size: must be < 10, got 10"],
    [{ apple: { seeds: [1, 2.5] } }, "fruit.apple.seeds.1: must be an int, got 2.5"],
    [{ pear: { weight: 0 } }, "fruit.pear.weight: must be > 0, got 0"],
    ["pear", "fruit.pear.weight: is missing"],
    [{ apple: 1, pear: 2 }, "fruit: must name one fruit, such as apple or { apple: { … } }, got the keys apple, pear"],
    [{}, "got the keys none"],
    [7, "fruit: must be the name of a fruit or { name: { parameters } }, got 7"],
    [null, "got null"],
    [["apple"], 'got ["apple"]'],
  ])("refuses %j", (said, text) => {
    expect(message(said)).toContain(text);
  });

  it("tells all problems at once", () => {
    expect(message({ apple: { size: -1, ripe: 1 } }).split("\n")).toEqual([
      "fruit.apple.size: must be >= 0, got -1",
      "fruit.apple.ripe: must be a boolean, got 1",
    ]);
  });
});

describe("every member of the zoo", () => {
  const members = Object.entries(zoo).flatMap(([kind, entries]) =>
    Object.entries(entries as Record<string, Entry>).map(([name, entry]) => [`${kind}.${name}`, name, entry] as const),
  );

  it.each(members)("%s says what it is, under its own name, and describes its parameters", (_, name, entry) => {
    expect(entry.name).toBe(name);
    expect(entry.title).not.toBe("");
    expect(entry.summary).toMatch(/\.$/);
    if (entry.primary) expect(Object.keys(entry.params)).toContain(entry.primary);
    for (const schema of Object.values(entry.params)) expect(schema.description).toBeTruthy();
  });
});
