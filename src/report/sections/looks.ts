import { duration, pValue } from "../../util/format.ts";
import type { ReportContext } from "../context.ts";
import { type Cell, prose, type Section, type Table } from "../document.ts";
import { designText, endText, type Look, type Looks, levelText, type PlannedLook, spendingName } from "../looks.ts";

/** The looks of a study that added seeds until all was decided: what was planned, found and spent; null where seeds were fixed. */
export function looksSection({ looks }: ReportContext): Section | null {
  if (!looks) return null;
  const end = endText(looks);
  return {
    id: "looks",
    heading: "Looks",
    blocks: [
      prose([end ?? "No look has been taken yet.", methods(looks)].join(" ")),
      { kind: "table", table: table(looks) },
    ],
  };
}

const methods = ({ design, of }: Looks): string =>
  `Seeds were added in blocks until ${of === "claims" ? "every claim was" : "every difference to the first was"} decided, with ${designText(design)}, as was stated before the first of them. At each look a single two-sided test at 5 % decides beyond the boundary below; how much of the 5 % it may use up by then follows the spending function of ${spendingName(design)} (Lan and DeMets, 1983). The p of differences, equivalences and claims hold over all looks so far (Liu and Anderson, 2008), and Holm's correction of them for several tests (Maurer and Bretz, 2013); their intervals are repeated 95 % intervals, which hold at all looks together (Jennison and Turnbull, 1989).`;

const none: Cell = { text: "–" };

function row(plan: PlannedLook, look: Look | undefined, number: number): Cell[] {
  const open = look?.questions.filter(({ verdict }) => verdict === null) ?? [];
  return [
    { text: String(number) },
    { text: String(plan.seeds) },
    look ? { text: String(look.trials) } : none,
    look ? { text: duration(look.seconds), exact: `${look.seconds} s` } : none,
    { text: plan.boundary.toFixed(3), exact: String(plan.boundary) },
    { text: plan.nominalP < 1e-3 ? plan.nominalP.toExponential(1) : pValue(plan.nominalP), exact: String(plan.nominalP) },
    { text: levelText(plan.levelSpent), exact: String(plan.levelSpent) },
    look ? { text: `${look.questions.length - open.length} of ${look.questions.length}` } : none,
    { text: look ? open.map(({ name }) => name).join(", ") : "not taken" },
  ]; // biome-ignore format: one cell a line
}

function table({ planned, taken, of }: Looks): Table {
  const right = (header: string) => ({ header, align: "right" as const });
  return {
    caption: `The looks as they were planned, and what was spent and ${of === "claims" ? "which claims were" : "what was"} decided by then.`,
    columns: [
      right("look"),
      right("seeds"),
      right("trials"),
      right("training"),
      right("boundary, z"),
      right("p to decide"),
      right("level spent"),
      right("decided"),
      { header: "open", align: "left" },
    ],
    rows: planned.map((plan, k) => row(plan, taken[k], k + 1)),
  };
}
