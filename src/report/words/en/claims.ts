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
  title: ({ decided, of }: { decided: number; of: number }) =>
    t`${decided} of ${of} ${of === 1 ? "comparison belongs" : "comparisons belong"} to claims that are decided`,
  subtitle: ({ basis }: { basis: Text }) =>
    t`${basis} · left minus right by seed, mean and 95 % interval · green: the claim is supported, red: contradicted, grey: undecided`,
  alt: ({ rows }: { rows: readonly { claim: string; difference: ClaimDifference; verdict: Verdict }[] }) =>
    joined(
      rows.map((r) => t`${{ text: r.claim }}: ${difference(r.difference)}, ${VERDICTS[r.verdict]}`),
      "; ",
    ),
  methods:
    "A claim is supported or contradicted when t tests over the seeds say so at 5 %, corrected by Holm's method for all claims; a claim of several comparisons is supported when all are as claimed, and contradicted when one is the other way. By: the least difference that counts, and of ≈ the largest.",
};
