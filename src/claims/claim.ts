/** A claim: a sentence about trials with a test that stored measurements can pass or fail. */
import { z } from "zod";
import { UserError } from "../util/errors.ts";
import { type Problem, problemsOf } from "../zoo/problems.ts";
import { type Comparison, parseTest } from "./grammar.ts";
import { measureNames, measureOf, type Unit } from "./measures.ts";

export const claimSchema = z.strictObject({
  id: z.string().min(1).describe("a short name, such as A3"),
  claim: z.string().min(1).describe("the sentence as people say it"),
  test: z.string().optional().describe("what must hold, such as accuracy(focal(0.5)) > accuracy(focal(2))"),
  by: z
    .union([z.string(), z.number()])
    .optional()
    .describe("the least difference that counts, and of ≈ the largest: 0.2 points, 5 epochs, 0.01"),
  in: z.array(z.string()).optional().describe("studies whose trials it speaks of, where a report has several"),
  reads: z.string().optional().describe("how a loose sentence was made exact"),
  see: z.string().optional().describe("what answers it where trials cannot"),
});

export type Claim = z.output<typeof claimSchema>;

/** Words of `by`, and the units that they go with. */
const WORDS: Record<string, { units: readonly Unit[]; factor: number }> = {
  points: { units: ["points"], factor: 0.01 },
  point: { units: ["points"], factor: 0.01 },
  epochs: { units: ["epochs"], factor: 1 },
  epoch: { units: ["epochs"], factor: 1 },
  seconds: { units: ["seconds"], factor: 1 },
  "%": { units: ["percent"], factor: 1 },
};

/** The unit of a comparison's difference: that of its measures, which must agree. */
export function unitOf({ left, right }: Comparison): Unit {
  const units = [left, right].flatMap((term) => (term.kind === "measure" ? [measureOf(term.measure).unit] : []));
  if (units.some((unit) => unit !== units[0]))
    throw new UserError(`compares ${left.text} with ${right.text}: one is in ${units[0]}, the other in ${units[1]}`);
  return units[0];
}

function marginOf(by: Claim["by"], comparisons: readonly Comparison[]): number {
  if (by === undefined) return 0;
  if (typeof by === "number") return by;
  const [, amount, word] = /^(\d+(?:\.\d+)?)\s*(\D+)$/.exec(by.trim()) ?? [];
  const known = WORDS[word];
  if (!known) throw new UserError(`by: expected a number with points, epochs, seconds or %, got "${by}"`);
  const wrong = comparisons.map(unitOf).find((unit) => !known.units.includes(unit));
  if (wrong) throw new UserError(`by: "${by}", but the test compares ${wrong}`);
  return Number(amount) * known.factor;
}

/** A claim's comparisons, all of which must hold, and the margin of each, in the unit of the measures. */
export interface ReadClaim {
  claim: Claim;
  comparisons: readonly Comparison[];
  margin: number;
}

/** @throws UserError that says where the claim makes no sense */
export function readClaim(claim: Claim): ReadClaim {
  const place = `claim ${claim.id}`;
  try {
    if (claim.test === undefined) {
      if (claim.see === undefined) throw new UserError("needs a test, or what answers it (see)");
      return { claim, comparisons: [], margin: 0 };
    }
    const comparisons = parseTest(claim.test, measureNames);
    comparisons.forEach(unitOf);
    return { claim, comparisons, margin: marginOf(claim.by, comparisons) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.message, [place, error.where].filter(Boolean).join(", "), error.hint);
  }
}

/** The claims of a list as a study has it, each read by itself, and what is wrong with them. */
export function readClaims(said: unknown): { claims: ReadClaim[]; problems: Problem[] } {
  const claims: ReadClaim[] = [];
  const problems: Problem[] = [];
  const list = Array.isArray(said) ? said : [];
  if (said !== undefined && !Array.isArray(said)) problems.push({ path: [], message: "must be a list of claims" });
  for (const [i, one] of list.entries()) {
    const parsed = claimSchema.safeParse(one);
    if (!parsed.success) {
      const known = Object.keys(claimSchema.shape);
      problems.push(...problemsOf(parsed.error, one, known).map((p) => ({ ...p, path: [i, ...p.path] })));
      continue;
    }
    if (claims.some(({ claim }) => claim.id === parsed.data.id))
      problems.push({ path: [i, "id"], message: `there are two claims "${parsed.data.id}"` });
    try {
      claims.push(readClaim(parsed.data));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(claimProblem(error, i));
    }
  }
  return { claims, problems };
}

/** What is wrong with a claim of a list, at its test. */
export const claimProblem = ({ message, where, hint }: UserError, place: number): Problem => ({
  path: [place, "test"],
  message: [where, message].filter(Boolean).join(": "),
  ...(hint && { hint }),
});
