import { duration, pValue } from "../../util/format.ts";
import { LEVEL } from "../comparisons.ts";
import type { ReportContext } from "../context.ts";
import { type Cell, prose, type Section, type Table } from "../document.ts";
import { type Look, type Looks, levelText, lookSizes, type PlannedLook, spendingName } from "../looks.ts";
import type { Words } from "../words/index.ts";
import { left, right } from "./cells.ts";

/** The looks of a study that added seeds until all was decided: what was planned, found and spent; null where seeds were fixed. */
export function looksSection({ looks, words }: ReportContext): Section | null {
  if (!looks) return null;
  const { design, of } = looks;
  const say = words.looks;
  const methods = say.methods({ claims: of === "claims", sizes: lookSizes(design), spending: spendingName(design) });
  return {
    id: "looks",
    heading: say.heading,
    blocks: [prose(end(looks, words)), prose(methods), { kind: "table", table: table(looks, words) }],
  };
}

const openOf = ({ questions }: Look) => questions.filter(({ verdict }) => verdict === null);

function end({ taken, planned, end }: Looks, { looks: say }: Words) {
  const last = taken.at(-1);
  if (!last) return say.none;
  const { seeds, trials, seconds, levelSpent: spent, questions } = last;
  const most = planned[planned.length - 1].seeds;
  return say.end({ end, seeds, most, open: openOf(last).length, questions: questions.length, trials, seconds, spent, level: LEVEL }); // biome-ignore format: one line
}

const none: Cell = { text: "–" };

function row(plan: PlannedLook, look: Look | undefined, number: number, { looks: say }: Words): Cell[] {
  const open = look ? openOf(look) : [];
  return [
    { text: String(number) },
    { text: String(plan.seeds) },
    look ? { text: String(look.trials) } : none,
    look ? { text: duration(look.seconds), exact: `${look.seconds} s` } : none,
    { text: plan.boundary.toFixed(3), exact: String(plan.boundary) },
    { text: plan.nominalP < 1e-3 ? plan.nominalP.toExponential(1) : pValue(plan.nominalP), exact: String(plan.nominalP) },
    { text: levelText(plan.levelSpent), exact: String(plan.levelSpent) },
    look ? { text: say.decided({ n: look.questions.length - open.length, of: look.questions.length }) } : none,
    { text: look ? open.map(({ name }) => name).join(", ") : say.notTaken },
  ]; // biome-ignore format: one cell a line
}

function table({ planned, taken, of }: Looks, words: Words): Table {
  const { columns, caption } = words.looks;
  return {
    caption: caption({ claims: of === "claims" }),
    columns: [
      right(columns.look),
      right(columns.seeds),
      right(columns.trials),
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
