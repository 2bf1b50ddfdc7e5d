import type { Unit } from "../../../claims/measures.ts";
import { signedText, sizeText } from "../../../claims/words.ts";
import { joined, pOf, type Text, t } from "../../text.ts";
import { counted, sentence } from "./grammar.ts";

const VERDICTS = { supported: "supported", contradicted: "contradicted", undecided: "undecided" };
type Verdict = keyof typeof VERDICTS;

/** How far the left side of a comparison lies above the right one, seed by seed; `n` seeds have both. */
export interface ClaimDifference {
  n: number;
  mean: number;
  halfWidth: number | null;
  unit: Unit;
}

const UNITS: Record<Unit, string> = {
  points: " points",
  loss: "",
  epochs: " epochs",
  seconds: " s",
  percent: " %",
  number: "",
};

/** `+0.31 ± 0.20`, in the claim's unit, which is left to be said. */
export const signed = ({ mean, halfWidth, unit }: ClaimDifference) => ({
  text: signedText({ mean, halfWidth }, unit),
  value: mean,
  ...(halfWidth !== null && { halfWidth }),
});

const difference = (d: ClaimDifference): Text => (d.n === 0 ? t`no seed has both` : t`${signed(d)}${UNITS[d.unit]}`);

/** The side of 0 on which a claimed difference lies. */
export const bound = (operator: string, margin: number, size: string): string =>
  margin === 0 ? "0" : operator.startsWith(">") ? size : `−${size}`;

export const claims = {
  heading: "Claims",
  verdicts: VERDICTS,
  see: "see",
  /** `2 of 3 claims are supported, 1 is undecided.` */
  summary: ({ counts }: { counts: Record<Verdict, number> }) => {
    const found = (Object.keys(VERDICTS) as Verdict[]).filter((v) => counts[v] > 0);
    const of = Object.values(counts).reduce((a, b) => a + b, 0);
    const each = found.map((verdict, i) => {
      const n = counts[verdict];
      return t`${i === 0 ? t`${n} of ${counted(of, "claim")}` : n} ${n === 1 ? "is" : "are"} ${VERDICTS[verdict]}`;
    });
    return sentence(joined(each, ", "));
  },
  /** `+0.31 ± 0.20 points, p = 0.012, 5 seeds, about 12 would decide` */
  grounds: (f: {
    differences: readonly ClaimDifference[];
    p: number | null;
    seeds: number;
    without: number;
    seedsNeeded: number | null;
  }) =>
    joined(
      [
        joined(f.differences.map(difference), "; "),
        ...(f.p === null ? [] : [t`p ${pOf(f.p)}`]),
        counted(f.seeds, "seed"),
        ...(f.without > 0 ? [t`${counted(f.without, "trial")} without it`] : []),
        ...(f.seedsNeeded === null ? [] : [t`about ${counted(f.seedsNeeded, "seed")} would decide`]),
      ],
      ", ",
    ),
  caption: "Claims, and the differences by seed that speak for or against them, with their 95 % intervals.",
  columns: { claim: "claim", verdict: "verdict", difference: "left minus right", test: "test" },
  by: ({ comparison, margin, unit }: { comparison: string; margin: number; unit: Unit }): string =>
    margin > 0 ? `${comparison} by ${sizeText(margin, unit)}${UNITS[unit]}` : comparison,
  and: " and ",
  exactP: ({ p, adjusted }: { p: number; adjusted: number | null }): string => `p ${p}, corrected ${adjusted}`,
  axes: {
    points: "left minus right, points",
    loss: "left minus right, loss",
    epochs: "left minus right, epochs",
    seconds: "left minus right, seconds",
    percent: "left minus right, percent",
    number: "left minus right, difference",
  } as Record<Unit, string>,
  /** `claimed: > 1.00 points` */
  claimed: ({ operator, margin, unit }: { operator: string; margin: number; unit: Unit }): string => {
    const size = `${sizeText(margin, unit)}${UNITS[unit]}`;
    if (operator === "≈") return `claimed: ± ${size}`;
    if (operator === "=") return "claimed: 0";
    return `claimed: ${operator.replace("<=", "≤").replace(">=", "≥")} ${bound(operator, margin, size)}`;
  },
  title: ({ id, verdict, claim }: { id: string; verdict: Verdict; claim: string }) =>
    t`${{ text: id }} is ${VERDICTS[verdict]}: ${{ text: claim }}`,
  subtitle: ({ basis, comparisons }: { basis: Text; comparisons: number }) =>
    t`${basis} · left minus right of ${comparisons === 1 ? "the comparison" : "each comparison"}: a dot for each seed, mean and 95 % interval below · shaded: where the mean lies if the claim holds`,
  alt: ({ rows }: { rows: readonly { comparison: string; difference: ClaimDifference }[] }) =>
    joined(
      rows.map((r) => t`${{ text: r.comparison }}: ${difference(r.difference)}`),
      "; ",
    ),
  methods:
    "A claim is supported or contradicted when t tests over the seeds say so at 5 %, corrected by Holm's method for all claims; a claim of several comparisons is supported when all are as claimed, and contradicted when one is the other way. By: the least difference that counts, and of ≈ the largest.",
};
