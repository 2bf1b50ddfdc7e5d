import { percent, percentInterval, pointsInterval, significant } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Panel, type Picture, prose, type Section, type Table } from "../document.ts";
import { sensitivity } from "../plots/sensitivity.ts";
import { render } from "../render.ts";
import { plainText } from "../text.ts";
import type { TunedCell, TuningResults } from "../tuning.ts";
import { epochsOf, parameterName, settingText, tuningMethod, warningsOf, whoOf } from "../tuning-words.ts";
import type { Words } from "../words/index.ts";
import { intervalCell, left, right } from "./cells.ts";

/** What was chosen for each configuration, what it is worth, and how much hangs on it. */
export async function tuningSection(context: ReportContext): Promise<Section | null> {
  const { tuning, words } = context;
  if (!tuning) return null;
  const blocks: Block[] = [prose(tuningMethod(tuning, words))];
  blocks.push({ kind: "table", table: table(tuning, words) });
  const warnings = warningsOf(tuning, words);
  if (warnings.length > 0) blocks.push({ kind: "list", items: warnings });
  const drawn = await picture(context, tuning);
  if (drawn) blocks.push({ kind: "picture", picture: drawn });
  return { id: "tuning", heading: words.tuning.heading, blocks };
}

function table({ cells, measure }: TuningResults, { common, tuning: say }: Words): Table {
  return {
    caption: say.caption,
    columns: [
      left(common.configuration),
      left(say.columns.chosen),
      right(say.validation({ measure })),
      right(say.columns.untuned),
      right(say.columns.tuned),
      right(say.columns.gain),
      right(say.columns.diverged),
    ],
    rows: cells.map(({ label, style, chosen, untuned, tuned, gain, candidates }) => {
      const first = candidates.filter((c) => c.round === 0);
      const lost = first.filter((c) => c.diverged).length;
      return [
        { text: label, style },
        { text: chosen ? settingText(chosen.values) || say.nothingToTune : "–" },
        chosen?.score == null ? { text: "–" } : { text: percent(chosen.score), exact: String(chosen.score) },
        intervalCell(untuned, percentInterval),
        intervalCell(tuned, percentInterval),
        intervalCell(gain, pointsInterval),
        { text: say.of({ n: lost, all: first.length }) },
      ];
    }),
  };
}

/** How far validation hangs on each hyperparameter: after the first round, when all candidates have trained equally long, and after the last. */
async function picture({ basis, words }: ReportContext, tuning: TuningResults): Promise<Picture | null> {
  const { cells, space, measure, rounds } = tuning;
  const drawn = space.filter(({ range }) => range?.scale && range.bounds);
  const last = rounds - 1;
  const shown = cells.map((c) => ({ ...c, candidates: c.candidates.filter((k) => k.round === 0 || k.round === last) }));
  if (drawn.length === 0 || shown.every((c) => c.candidates.every((k) => k.score === null))) return null;
  const seriesOf = (key: string) =>
    shown.map(({ label, style, candidates, chosen }) => ({
      label,
      style,
      points: candidates
        .filter((k) => typeof k.values[key] === "number" && (k.score !== null || k.diverged))
        .map((k) => ({
          across: k.values[key] as number,
          up: k.score,
          chosen: k.number === chosen?.number && k.round === chosen.round,
          later: k.round > 0,
        })),
    }));
  const panels: Panel[] = [];
  for (const { key, range } of drawn) {
    const draw = (width: number, height: number) =>
      render(
        sensitivity(seriesOf(key), {
          width,
          height,
          title: words.tuning.validation({ measure }),
          across: parameterName(key),
          scale: range!.scale!,
          bounds: range!.bounds!,
          joined: space.length === 1,
        }),
      );
    panels.push({
      heading: drawn.length > 1 ? parameterName(key) : "",
      svg: await draw(drawn.length > 1 ? 470 : 940, drawn.length > 1 ? 300 : 400),
      narrow: await draw(380, 320),
    });
  }
  const epochs = epochsOf(shown);
  return {
    id: "tuning",
    title: pictureTitle(shown, drawn[0].key, words),
    subtitle: words.tuning.subtitle({
      data: plainText(basis).split(" · ")[0],
      measure,
      first: epochs[0],
      last: epochs[epochs.length - 1],
      rounds,
    }),
    alt: words.tuning.alt({ measure, names: drawn.map(({ key }) => parameterName(key)), whos: cells.map(whoOf) }),
    views: [{ name: "", panels }],
    csv: csv(
      ["configuration", "candidate", "round", "epochs", ...space.map(({ key }) => key), measure, "diverged", "chosen"],
      cells.flatMap(({ label, candidates, chosen }) =>
        candidates.map((k) => [
          label,
          k.number,
          k.round,
          k.epochs,
          ...space.map(({ key }) =>
            typeof k.values[key] === "boolean"
              ? String(k.values[key])
              : ((k.values[key] ?? null) as string | number | null),
          ),
          k.score,
          String(k.diverged),
          String(k.number === chosen?.number),
        ]),
      ),
    ),
  };
}

/** Between which values the best ones lie. */
function pictureTitle(cells: readonly TunedCell[], key: string, { tuning }: Words): string {
  const best = cells.flatMap((cell) => {
    const value = cell.chosen?.values[key];
    return typeof value === "number" ? [{ who: whoOf(cell), value }] : [];
  });
  best.sort((a, b) => a.value - b.value);
  const at = (one: (typeof best)[number] | undefined) =>
    one
      ? { value: significant(one.value, 3), whos: best.filter((b) => b.value === one.value).map((b) => b.who) }
      : null;
  return tuning.title({ name: parameterName(key), low: at(best[0]), high: at(best.at(-1)) });
}
