import { z } from "zod";
import { UserError } from "../../util/errors.ts";
import { labelNoise } from "./noise.ts";

/** How far a row that is typed in decimals may miss 1. */
const TOLERANCE = 1e-6;

const matrix = z.array(z.array(z.number().min(0).max(1))).check(({ value: rows, issues }) => {
  const wrong = (message: string, path: number[] = []): void => {
    issues.push({ code: "custom", message, path, input: path.length > 0 ? rows[path[0]] : rows });
  };
  if (rows.length < 2) wrong("must have a row for each class, of one probability for each class");
  rows.forEach((row, i) => {
    const total = row.reduce((sum, p) => sum + p, 0);
    if (row.length !== rows.length) wrong(`must have ${rows.length} numbers as there are ${rows.length} rows`, [i]);
    else if (!(Math.abs(total - 1) <= TOLERANCE)) wrong(`must sum to 1, sums to ${Number(total.toPrecision(7))}`, [i]);
  });
});

/** A transition matrix of one's own, for example one that was estimated. Patrini et al., 2017. */
export const transition = labelNoise({
  name: "transition",
  title: "noise by matrix",
  summary: "Labels change by a given transition matrix.",
  formula: "T_{ij} = p(\\tilde y = j \\mid y = i)",
  reference: "Patrini et al., 2017",
  params: { matrix: matrix.describe("T: row i holds the probabilities with which class i is labelled 0, 1, …") },
  primary: "matrix",
  transition({ matrix }, classes) {
    if (matrix.length !== classes.length) {
      throw new UserError(`has ${matrix.length} rows for ${classes.length} classes; expected one for each`, "matrix");
    }
    return matrix;
  },
});
