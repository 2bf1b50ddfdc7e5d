/** A claim: a sentence about trials with a test that stored measurements can pass or fail. */
import { z } from "zod";
import { UserError } from "../util/errors.ts";
import { suggest } from "../util/nearest.ts";
import { type Problem, problemsOf } from "../zoo/problems.ts";
import { type Comparison, parseTest, type Term, UNITS } from "./grammar.ts";
import { measureNames, measureOf, type Unit } from "./measures.ts";

export const claimSchema = z.strictObject({
  id: z.string().min(1).describe("a short name, such as A3"),
  claim: z.string().min(1).describe("the sentence as people say it"),
  test: z.string().optional().describe("what must hold, such as accuracy(focal(0.5)) > accuracy(focal(2))"),
  by: z
    .union([z.string(), z.number().nonnegative()])
    .optional()
    .describe("the least difference that counts, and of ≈ the largest: 0.2 points, 5 epochs, 0.01"),
  in: z.array(z.string()).optional().describe("studies whose trials it speaks of, where a report has several"),
  reads: z.string().optional().describe("how a loose sentence was made exact"),
  see: z.string().optional().describe("what answers it where trials cannot"),
});

export type Claim = z.output<typeof claimSchema>;

/** In a study's list a claim need not be named. */
export const studyClaimSchema = claimSchema.extend({
  id: claimSchema.shape.id
    .optional()
    .describe("a short name, such as A3; without it C and the claim's place in the list"),
});

export type StudyClaim = z.output<typeof studyClaimSchema>;

/** A mistake in one of a claim's fields. */
class ClaimError extends UserError {
  constructor(
    readonly field: "test" | "by" | "in",
    message: string,
    hint?: string,
    where?: string,
  ) {
    super(message, where, hint);
  }
}

/** Words for units, and what they are of a measure in each. Accuracies are fractions: 12 % and 12 points are 0.12 of them. */
const WORDS: Record<(typeof UNITS)[number], Partial<Record<Unit, number>>> = {
  "%": { points: 0.01, percent: 1 },
  points: { points: 0.01 },
  point: { points: 0.01 },
  epochs: { epochs: 1 },
  epoch: { epochs: 1 },
  seconds: { seconds: 1 },
  second: { seconds: 1 },
};

/** A number as the measures have it. */
function inUnit(value: number, word: string | null, unit: Unit, text: string): number {
  if (word === null) return value;
  const factor = WORDS[word as keyof typeof WORDS][unit];
  if (factor === undefined) throw new UserError(`compares ${unit} with ${text}`);
  return value * factor;
}

/** The comparison with its number in the unit of its measure. */
function converted(comparison: Comparison): Comparison {
  const unit = unitOf(comparison);
  const term = (side: Term): Term =>
    side.kind === "number" ? { ...side, value: inUnit(side.value, side.unit, unit, side.text), unit: null } : side;
  return { ...comparison, left: term(comparison.left), right: term(comparison.right) };
}

/** The unit of a comparison's difference: that of its measures, which must agree. */
export function unitOf({ left, right }: Comparison): Unit {
  const units = [left, right].flatMap((term) => (term.kind === "measure" ? [measureOf(term.measure).unit] : []));
  if (units.some((unit) => unit !== units[0]))
    throw new UserError(`compares ${left.text} with ${right.text}: one is in ${units[0]}, the other in ${units[1]}`);
  return units[0];
}

function marginOf(by: Claim["by"], comparisons: readonly Comparison[]): number {
  if (by === undefined) {
    const equal = comparisons.find(({ operator }) => operator === "≈");
    if (equal) throw new ClaimError("by", `${equal.left.text} ≈ ${equal.right.text} needs the largest difference that counts as none`, "for example by: 0.5 points"); // biome-ignore format: one line
    return 0;
  }
  if (comparisons.every(({ operator }) => operator === "="))
    throw new ClaimError("by", "= compares to rounding and takes no margin", "≈ compares within one");
  if (typeof by === "number") return by;
  const [, amount, word] = /^(\d+(?:\.\d+)?)\s*(\D+)$/.exec(by.trim()) ?? [];
  if (!Object.hasOwn(WORDS, word ?? ""))
    throw new ClaimError(
      "by",
      `expected a number with points, epochs, seconds or %, got "${by}"`,
      word === undefined ? undefined : suggest(word, UNITS),
    );
  // Five percent of an accuracy may be relative: differences of accuracies are in points.
  const known = word === "%" ? { percent: 1 } : WORDS[word as keyof typeof WORDS];
  const factors = comparisons.map((c) => [unitOf(c), (known as Partial<Record<Unit, number>>)[unitOf(c)]] as const);
  const wrong = factors.find(([, factor]) => factor === undefined);
  if (wrong) throw new ClaimError("by", `"${by}", but the test compares ${wrong[0]}`);
  return Number(amount) * factors[0][1]!;
}

/** A claim's comparisons, all of which must hold, and the margin of each, in the unit of the measures. */
export interface ReadClaim {
  claim: Claim;
  comparisons: readonly Comparison[];
  margin: number;
}

/** @throws UserError that says where the claim makes no sense */
export function readClaim(claim: Claim): ReadClaim {
  try {
    if (claim.test === undefined) {
      if (claim.see === undefined) throw new UserError("needs a test, or what answers it (see)");
      if (claim.by !== undefined) throw new ClaimError("by", "without a test there is nothing to differ");
      return { claim, comparisons: [], margin: 0 };
    }
    const comparisons = parseTest(claim.test, measureNames).map(converted);
    return { claim, comparisons, margin: marginOf(claim.by, comparisons) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const field = error instanceof ClaimError ? error.field : "test";
    const where = [`claim ${claim.id}`, field === "test" ? error.where : field].filter(Boolean).join(", ");
    throw new ClaimError(field, error.message, error.hint, where);
  }
}

/** The claims of a list as a study has it, each read by itself, and what is wrong with them. */
export function readClaims(said: unknown): { claims: ReadClaim[]; problems: Problem[] } {
  const claims: ReadClaim[] = [];
  const problems: Problem[] = [];
  const list = Array.isArray(said) ? said : [];
  if (said !== undefined && !Array.isArray(said)) problems.push({ path: [], message: "must be a list of claims" });
  for (const [i, one] of list.entries()) {
    const parsed = studyClaimSchema.safeParse(one);
    if (!parsed.success) {
      const known = Object.keys(studyClaimSchema.shape);
      problems.push(...problemsOf(parsed.error, one, known).map((p) => ({ ...p, path: [i, ...p.path] })));
      continue;
    }
    if (parsed.data.in !== undefined)
      problems.push({
        path: [i, "in"],
        message: "names the studies of a written report; here all is about this one",
        hint: "select its trials in the test",
      });
    const named: Claim = { ...parsed.data, id: parsed.data.id ?? `C${i + 1}` };
    if (claims.some(({ claim }) => claim.id === named.id))
      problems.push({ path: [i, "id"], message: `there are two claims "${named.id}"` });
    try {
      claims.push(readClaim(named));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(claimProblem(error, i));
    }
  }
  return { claims, problems };
}

/** What is wrong with a claim of a list, where it stands. */
export const claimProblem = (error: UserError, place: number): Problem => ({
  path: [place, error instanceof ClaimError ? error.field : "test"],
  message: [error.where, error.message].filter(Boolean).join(": "),
  ...(error.hint && { hint: error.hint }),
});
