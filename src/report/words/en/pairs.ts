import { joined, name, pointsOf, pointsSize, type Text, t, type Who } from "../../text.ts";
import { clauses, counted } from "./grammar.ts";

const VERDICTS = {
  different: "ahead",
  equivalent: "equivalent",
  equal: "equal in every seed",
  undecided: "undecided",
};

type Verdict = keyof typeof VERDICTS;

const differ = (n: number, of: number): Text => {
  const count = n === 0 ? "None" : n === of ? "All" : n;
  return t`${count} of ${counted(of, "pair")} ${n === 1 ? "differs" : "differ"} beyond chance`;
};
const are = (n: number): string => (n === 1 ? "is" : "are");

export const pairs = {
  heading: "Pair by pair",
  ofFirst: "The tests of all differences to the first",
  ofAll: "The tests of all pairs",
  title: ({ counts, margin }: { counts: Record<Verdict, number>; margin: number }) => {
    const { different, equivalent, equal, undecided } = counts;
    return clauses([
      differ(different, different + equivalent + equal + undecided),
      ...(equivalent > 0 ? [t`${equivalent} ${are(equivalent)} equivalent within ${pointsSize(margin)} points`] : []),
      ...(equal > 0 ? [t`${equal} ${are(equal)} equal in every seed`] : []),
      ...(undecided > 0 ? [t`${undecided} ${are(undecided)} undecided`] : []),
    ]);
  },
  subtitle: ({ basis, margin, shown, of }: { basis: Text; margin: number; shown: number; of: number }) =>
    t`${basis} · test accuracy, seed by seed · coloured: the row is ahead (p ≤ 0.05, corrected for all pairs), weakly where by less than ${pointsSize(margin)} points · ≈ equivalent · grey: undecided${shown < of ? t` · the best ${shown} of ${of}; of the others the data has the differences to the first` : ""}`,
  alt: ({ rows }: { rows: readonly { better: Who; other: Who; difference: number; verdict: Verdict }[] }) =>
    joined(
      rows.map(
        ({ better, other, difference, verdict }) =>
          t`${name(better)} minus ${name(other)}: ${pointsOf(difference)}, ${VERDICTS[verdict]}`,
      ),
      "; ",
    ),
  verdicts: VERDICTS,
  negligible: ({ margin }: { margin: string }): string => `ahead, by less than ${margin}`,
  about: ({ seeds }: { seeds: number }): string => `about ${seeds}`,
  caption:
    "Differences of final test accuracy, seed by seed, with 95 % intervals; p of the two tests corrected for all pairs.",
  columns: {
    pair: "pair",
    difference: "difference, points",
    p: "p, difference",
    equivalence: "p, equivalence",
    verdict: "verdict",
    needed: "seeds to decide",
    effect: "effect d_z",
    improvement: "P(first is better)",
    wilcoxon: "p, signed ranks",
    permutation: "p, permutation",
  },
  methods: ({ pairs: n, margin }: { pairs: number; margin: number }) =>
    t`Difference: paired t test. Equivalence: two one-sided t tests of a difference of at least ${pointsSize(margin)} points. Both are corrected by Holm's method for all ${counted(n, "pair")} of the study. Seeds to decide: for a power of 80 %, if difference and deviation stay as they are. d_z: mean difference in units of its deviation. The last two columns rank the differences and turn their signs instead of taking them to be normal, and are not corrected; with n seeds they cannot be below 2 / 2ⁿ.`,
};
