/** How losses stand large logits in float32, as computed and as one writes them down at first: tables, picture, document. */

import type { Losses, SpecInput } from "../library/plain.ts";
import { lossStability, relativeError, type StabilityPoint, type ValueAndGradient } from "../library/stability.ts";
import type { Backend } from "../run/backend.ts";
import { plural } from "../util/format.ts";
import { csv } from "./csv.ts";
import type { Picture, ReportDocument, Table } from "./document.ts";
import { specLabel } from "./labels.ts";
import { stabilityPlot } from "./plots/stability.ts";
import { render } from "./render.ts";

export interface LossStability {
  label: string;
  points: StabilityPoint[];
}

export async function lossStabilities(
  specs: readonly Record<string, Record<string, unknown>>[],
  backend: Backend,
  options: { classes: number; losses: Losses },
): Promise<LossStability[]> {
  const all: LossStability[] = [];
  for (const spec of specs)
    all.push({ label: specLabel(spec), points: await lossStability(spec as SpecInput, backend, options) });
  return all;
}

export type Version = "careful" | "naive";
export type Quantity = "value" | "gradient";

/** Errors up to this are of rounding and what it adds up to. */
export const ROUNDING = 1e-4;

const numbers = (of: ValueAndGradient, quantity: Quantity): number[] =>
  quantity === "value" ? [of.value] : of.gradient;

export const errorAt = (point: StabilityPoint, version: Version, quantity: Quantity): number =>
  relativeError(numbers(point[version], quantity), numbers(point.exact, quantity));

/** Smaller errors are shown as 0: float32 rounds to 6·10⁻⁸. */
const SHOWN = 1e-9;

/** `6e-8`, or what stands there instead of a number. */
export function errorText(point: StabilityPoint, version: Version, quantity: Quantity): string {
  const found = numbers(point[version], quantity);
  if (found.some(Number.isNaN)) return "NaN";
  if (!found.every(Number.isFinite)) return "∞";
  const error = errorAt(point, version, quantity);
  return error < SHOWN ? "0" : error >= 0.995 ? String(Number(error.toPrecision(2))) : error.toExponential(0);
}

/** `−10⁴`, `100` */
export const logitText = (logit: number): string => {
  const size = Math.abs(logit);
  const text = size >= 1000 ? `10${size === 1e4 ? "⁴" : "³"}` : String(size);
  return logit < 0 ? `−${text}` : text;
};

const VERSIONS: Record<Version, string> = { careful: "", naive: "exp and log written out" };

/** Rows by loss and version, a column for each logit. */
export const stabilityTable = (losses: readonly LossStability[], quantity: Quantity): Table => ({
  caption: `Relative error in float32 of the ${quantity === "value" ? "loss" : "gradient"}, by how far the target's logit lies from the others`,
  columns: [
    { header: "loss", align: "left" },
    { header: "", align: "left" },
    ...losses[0].points.map(({ logit }) => ({ header: logitText(logit), align: "right" as const })),
  ],
  rows: losses.flatMap(({ label, points }) =>
    (["careful", "naive"] as const).map((version) => [
      { text: version === "careful" ? label : "" },
      { text: VERSIONS[version] },
      ...points.map((p) => ({
        text: errorText(p, version, quantity),
        exact: `${numbers(p[version], quantity).join(", ")} (float64: ${numbers(p.exact, quantity).join(", ")})`,
        strong: errorAt(p, version, quantity) > ROUNDING,
      })),
    ]),
  ),
});

const breaks = ({ points }: LossStability, version: Version): boolean =>
  points.some(
    (p) => !Number.isFinite(errorAt(p, version, "value")) || !Number.isFinite(errorAt(p, version, "gradient")),
  );

/** How many losses give numbers that are none. */
export function stabilityAnswer(losses: readonly LossStability[]): string {
  const bad = (version: Version): number => losses.filter((l) => breaks(l, version)).length;
  const said = (n: number): string => (n === 0 ? "none does" : `${n} do${n === 1 ? "es" : ""}`);
  return `With exp and log written out ${bad("naive")} of ${plural(losses.length, "loss", "losses")} give NaN or ∞ at large logits; as computed in training ${said(bad("careful"))}`;
}

export async function stabilityPicture(losses: readonly LossStability[], classes: number): Promise<Picture> {
  const rows = losses.flatMap((loss) =>
    (["careful", "naive"] as const).map((version) => ({
      label: version === "careful" ? loss.label : "written out",
      second: version === "naive",
      cells: (["value", "gradient"] as const).map((quantity) =>
        loss.points.map((p) => ({ error: errorAt(p, version, quantity), text: errorText(p, version, quantity) })),
      ),
    })),
  );
  const columns = losses[0].points.map(({ logit }) => logitText(logit));
  return {
    id: "stability",
    title: stabilityAnswer(losses),
    subtitle: `${classes} classes · logits (m, 0, …, 0) · relative error of float32 to float64; the stronger the colour, the larger; below each loss the same with exp and log written out`,
    alt: "Relative errors of losses and their gradients at large logits; the tables have the numbers.",
    views: [
      {
        name: "",
        panels: [
          {
            heading: "",
            svg: await render(stabilityPlot(rows, { width: 940, columns })),
            narrow: await render(stabilityPlot(rows, { width: 620, columns })),
          },
        ],
      },
    ],
    csv: csv(
      ["loss", "version", "logit", "quantity", "float32", "float64", "relative_error"],
      losses.flatMap(({ label, points }) =>
        points.flatMap((p) =>
          (["careful", "naive"] as const).flatMap((version) =>
            (["value", "gradient"] as const).map((quantity) => [
              label,
              version,
              p.logit,
              quantity,
              String(numbers(p[version], quantity)[0]),
              String(numbers(p.exact, quantity)[0]),
              String(errorAt(p, version, quantity)),
            ]),
          ),
        ),
      ),
    ),
  };
}

/** Picture and numbers on a page. */
export const stabilityDocument = (losses: readonly LossStability[], picture: Picture): ReportDocument => ({
  title: "Numerical stability of losses",
  question: null,
  facts: [plural(losses.length, "loss", "losses")],
  sections: [
    { id: "picture", heading: "At large logits", blocks: [{ kind: "picture", picture }] },
    {
      id: "numbers",
      heading: "Numbers",
      blocks: (["value", "gradient"] as const).map((quantity) => ({
        kind: "table",
        table: stabilityTable(losses, quantity),
      })),
    },
  ],
});
