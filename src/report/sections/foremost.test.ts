import { describe, expect, it } from "vitest";
import { count } from "../../util/format.ts";
import { buildReport } from "../build.ts";
import type { Picture, ReportDocument } from "../document.ts";
import { type FixtureConfiguration, fixtureResults, focal } from "../fixture.ts";
import { tablesOf } from "../html-rows.ts";
import { picturesOf } from "../picture-files.ts";
import { plainText } from "../text.ts";
import { MOST_DRAWN } from "./foremost.ts";

const REST = 12;
const MANY = MOST_DRAWN + REST;

/** The later, the better: which are drawn does not follow from their order in the study. */
const many = (data?: FixtureConfiguration["data"]) =>
  Array.from({ length: MANY }, (_, i) => ({ loss: focal(i / 10), accuracy: 0.5 + 0.005 * i, ...(data && { data }) }));

const blocksOf = ({ sections }: ReportDocument) => sections.flatMap((s) => s.blocks);
const picturesById = (document: ReportDocument) => new Map(picturesOf(blocksOf(document)).map((p) => [p.id, p]));

const linesOf = ({ csv }: Picture): string[] => csv!.trim().split("\n").slice(1);
const labelsIn = ({ csv }: Picture, column: number): Set<string> =>
  new Set(linesOf({ csv } as Picture).map((line) => line.split(",")[column]));
const drawnIn = ({ views }: Picture): string => views.flatMap((v) => v.panels.map((p) => p.heading + p.svg)).join();
const best = `the best ${MOST_DRAWN}; the data has the other ${REST} too`;

describe("a report of more configurations than a picture has room for", async () => {
  const document = await buildReport(fixtureResults({ configurations: many(), seeds: 3, epochs: 2 }));
  const pictures = picturesById(document);

  it.each(["ranking", "recall", "accuracy-panels", "loss-panels"])(
    "draws the best in %s, says so, and keeps all in the data",
    (id) => {
      const picture = pictures.get(id)!;
      expect(plainText(picture.subtitle)).toContain(best);
      expect(labelsIn(picture, id === "ranking" ? 1 : 0).size).toBe(MANY);
      const svg = drawnIn(picture);
      for (let i = 0; i < MANY; i++) expect(new RegExp(`γ=${i / 10}(?![.\\d])`).test(svg), `γ=${i / 10}`).toBe(i >= REST); // biome-ignore format: one line
    },
  );

  it("draws the pairs of the best, and counts all", () => {
    const pairs = pictures.get("pairs")!;
    const all = (MANY * (MANY - 1)) / 2;
    expect(plainText(pairs.title as never)).toContain(`of ${count(all)} pairs`);
    const drawn = Number(/the best (\d+) of \d+;/.exec(plainText(pairs.subtitle))![1]);
    expect(drawn).toBeLessThan(MANY);
    expect(linesOf(pairs)).toHaveLength((drawn * (drawn - 1)) / 2 + MANY - drawn);
  });

  it("ranks all of them in the table", () => {
    expect(tablesOf(blocksOf(document))[0].rows).toHaveLength(MANY);
  });
});

describe("on several data", () => {
  it("the best of each are drawn", async () => {
    const configurations = ["mnist", "kmnist"].flatMap((set) => many({ set }).filter((_, i) => i % 2 === 0));
    const pictures = picturesById(await buildReport(fixtureResults({ configurations, seeds: 2, epochs: 2 })));
    const headings = pictures.get("accuracy-panels")!.views[0].panels.map((p) => p.heading + p.svg);
    expect(headings).toHaveLength(MOST_DRAWN);
    for (const set of ["MNIST", "KMNIST"]) {
      const own = headings.filter((h) => new RegExp(`(?<!K)${set}`).test(h));
      expect(own).toHaveLength(MOST_DRAWN / 2);
    }
  });
});
