/** Who may be the best in a comparison, and how often over many. */
import { groupBy } from "../report/group-by.ts";
import type { Contender, Contest } from "./settle.ts";

/** May be the best: not surely worse than another. */
export const mayBeBest = ({ row }: Contender): boolean => row.rank !== null && row.standing !== "behind";

/** The only loss that may be the best, with those that give the same in every seed; null where several may. */
export function winnersOf({ contenders }: Contest): string[] | null {
  const may = contenders.filter(mayBeBest);
  const open = may.some(({ row }) => row.standing !== "first" && row.standing !== "equal");
  return open || contenders.length < 2 ? null : may.map(({ loss }) => loss);
}

export interface Tally {
  loss: string;
  contests: number;
  /** The best beyond doubt: alone, or with losses that give the same in every seed. */
  wins: number;
  /** May be the best. */
  may: number;
  chance: number;
}

/** Losses by how seldom they are behind. */
export function tally(contests: readonly Contest[]): Tally[] {
  const all = contests.flatMap((contest) =>
    contest.contenders.map((contender) => ({ contender, wins: winnersOf(contest)?.includes(contender.loss) ?? false })),
  );
  return [...groupBy(all, ({ contender }) => contender.loss)]
    .map(([loss, of]) => ({
      loss,
      contests: of.length,
      wins: of.filter(({ wins }) => wins).length,
      may: of.filter(({ contender }) => mayBeBest(contender)).length,
      chance: of.filter(({ contender }) => contender.row.chance !== null).length,
    }))
    .sort((a, b) => b.may / b.contests - a.may / a.contests || b.contests - a.contests);
}
