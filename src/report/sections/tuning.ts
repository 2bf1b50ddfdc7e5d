import { listed, percent, percentInterval, plural, pointsInterval, significant } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import { type Block, type Panel, type Picture, prose, type Section, type Table } from "../document.ts";
import { sensitivity } from "../plots/sensitivity.ts";
import { render } from "../render.ts";
import { plainText } from "../text.ts";
import type { TunedCell, TuningResults } from "../tuning.ts";
import { epochsOf, MEASURES, parameterName, settingText, tuningMethod, warningsOf } from "../tuning-words.ts";
import { named, verb } from "../wording.ts";
import { intervalCell, left, right } from "./cells.ts";

/** What was chosen for each configuration, what it is worth, and how much hangs on it. */
export async function tuningSection(context: ReportContext): Promise<Section | null> {
  const { tuning } = context;
  if (!tuning) return null;
  const blocks: Block[] = [prose(tuningMethod(tuning))];
  blocks.push({ kind: "table", table: table(tuning) });
  const warnings = warningsOf(tuning);
  if (warnings.length > 0) blocks.push({ kind: "list", items: warnings });
  const drawn = await picture(context, tuning);
  if (drawn) blocks.push({ kind: "picture", picture: drawn });
  return { id: "tuning", heading: "Tuning", blocks };
}

function table({ cells, measure }: TuningResults): Table {
  return {
    caption:
      "What was chosen for each configuration, and test accuracy on the comparison's seeds with the stated and with the tuned hyperparameters; gain: tuned minus untuned, seed by seed, with its 95 % interval.",
    columns: [
      left("configuration"),
      left("chosen"),
      right(`validation ${MEASURES[measure]}, %`),
      right("untuned, %"),
      right("tuned, %"),
      right("gain, points"),
      right("diverged"),
    ],
    rows: cells.map(({ label, style, chosen, untuned, tuned, gain, candidates }) => {
      const first = candidates.filter((c) => c.round === 0);
      const lost = first.filter((c) => c.diverged).length;
      return [
        { text: label, style },
        { text: chosen ? settingText(chosen.values) || "nothing to tune" : "–" },
        chosen?.score == null ? { text: "–" } : { text: percent(chosen.score), exact: String(chosen.score) },
        intervalCell(untuned, percentInterval),
        intervalCell(tuned, percentInterval),
        intervalCell(gain, pointsInterval),
        { text: `${lost} of ${first.length}` },
      ];
    }),
  };
}

/** How far validation hangs on each hyperparameter: after the first round, when all candidates have trained equally long, and after the last. */
async function picture({ basis }: ReportContext, tuning: TuningResults): Promise<Picture | null> {
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
          title: `validation ${MEASURES[measure]}, %`,
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
  const after =
    rounds > 1
      ? `after the first round of ${plural(epochs[0], "epoch")}; single points: those that went on, after ${plural(epochs[epochs.length - 1], "epoch")}`
      : `after ${plural(epochs[0], "epoch")}`;
  return {
    id: "tuning",
    title: pictureTitle(shown, drawn[0].key),
    subtitle: `${plainText(basis).split(" · ")[0]} · validation ${MEASURES[measure]} of every candidate ${after}; the large points were chosen`,
    alt: `Validation ${MEASURES[measure]} against ${listed(drawn.map(({ key }) => parameterName(key)))} for ${named(cells.map((c) => c.label))}.`,
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
function pictureTitle(cells: readonly TunedCell[], key: string): string {
  const best = cells.flatMap(({ label, chosen }) => {
    const value = chosen?.values[key];
    return typeof value === "number" ? [{ label, value }] : [];
  });
  const name = parameterName(key);
  if (best.length === 0) return `Candidates by ${name}`;
  best.sort((a, b) => a.value - b.value);
  const [low, high] = [best[0], best[best.length - 1]];
  const at = (value: number) => best.filter((b) => b.value === value).map((b) => b.label);
  if (low.value === high.value)
    return `${named(at(low.value))} ${verb(best, "does", "do")} best at ${name} ${significant(low.value, 3)}`;
  return `The best ${name} goes from ${significant(low.value, 3)} (${named(at(low.value))}) to ${significant(high.value, 3)} (${named(at(high.value))})`;
}
