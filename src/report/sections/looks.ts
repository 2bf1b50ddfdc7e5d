import { duration, pValue } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { type Cell, prose, type Section, type Table } from "../document.ts";
import { designText, endText, type Look, type Looks, levelText, type PlannedLook, spendingName } from "../looks.ts";
import type { Words } from "../words/index.ts";
import { left, right } from "./cells.ts";

/** The looks of a study that added seeds until all was decided: what was planned, found and spent; null where seeds were fixed. */
export function looksSection({ looks, words }: ReportContext): Section | null {
  if (!looks) return null;
  const { looks: say, grammar } = words;
  return {
    id: "looks",
    heading: say.heading,
    blocks: [
      prose(grammar.sentences([endText(looks, words) ?? say.notYet, methods(looks, words)])),
      { kind: "table", table: table(looks, words) },
    ],
  };
}

const methods = ({ design, of }: Looks, words: Words): string =>
  words.looks.methods({ of, design: designText(design, words), spending: spendingName(design, words) });

const none: Cell = { text: "–" };

function row(plan: PlannedLook, look: Look | undefined, number: number, { looks: say }: Words): Cell[] {
  const open = look?.questions.filter(({ verdict }) => verdict === null) ?? [];
  return [
    { text: String(number) },
    { text: String(plan.seeds) },
    look ? { text: String(look.trials) } : none,
    look ? { text: duration(look.seconds), exact: `${look.seconds} s` } : none,
    { text: plan.boundary.toFixed(3), exact: String(plan.boundary) },
    { text: plan.nominalP < 1e-3 ? plan.nominalP.toExponential(1) : pValue(plan.nominalP), exact: String(plan.nominalP) },
    { text: levelText(plan.levelSpent), exact: String(plan.levelSpent) },
    look ? { text: say.of({ n: look.questions.length - open.length, all: look.questions.length }) } : none,
    { text: look ? open.map(({ name }) => name).join(", ") : say.notTaken },
  ]; // biome-ignore format: one cell a line
}

function table({ planned, taken, of }: Looks, words: Words): Table {
  const { looks: say, common } = words;
  const { columns } = say;
  return {
    caption: say.caption({ of }),
    columns: [
      right(columns.look),
      right(common.seeds),
      right(common.trials),
      right(columns.training),
      right(columns.boundary),
      right(columns.p),
      right(columns.spent),
      right(columns.decided),
      left(columns.open),
    ],
    rows: planned.map((plan, k) => row(plan, taken[k], k + 1, words)),
  };
}
