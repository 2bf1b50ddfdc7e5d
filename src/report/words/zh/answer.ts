import { distanceOf, name, percentOf, pointsOf, pointsSize, type Text, t } from "../../text.ts";
import type * as en from "../en/answer.ts";
import type { Compared } from "../kinds.ts";
import { outcomesText, seedsText } from "./common.ts";
import { inBrackets, named, some } from "./grammar.ts";

type Reached = Parameters<typeof en.answer.reaches>[0];
type Ahead = Parameters<typeof en.answer.first>[0]["before"];

const compared = ({ who, difference, lost }: Compared): Text =>
  t`${name(who)}${inBrackets([t`${pointsOf(difference, who)} 个百分点`, ...(lost ? [outcomesText(lost)] : [])])}`;

const basis = ({ seeds, lost }: Pick<Reached, "seeds" | "lost">): Text =>
  inBrackets([seedsText(seeds), ...(lost ? [outcomesText(lost)] : [])]);
const accuracy = ({ who, value, seeds, lost }: Reached): Text =>
  t`测试准确率为 ${percentOf(value, who)}${basis({ seeds, lost })}`;
const ahead = (other: Ahead): Text =>
  other ? t`，领先 ${name(other.who)} ${distanceOf(other.distance, other.who)} 个百分点` : t``;

export const answer: typeof en.answer = {
  heading: "结论",
  nothingYet: "尚无试验完成。",
  tuned: "以上比较的是各配置单独调参后的结果（见“调参”）。",
  untuned: "若用研究给出的、未经调参的超参数：",
  allDiverged: ({ trials }) => t`没有任何配置得到结果：${trials === 1 ? "唯一的试验" : t`全部 ${trials} 次试验`}均发散`,
  reaches: (reached) => t`${name(reached.who)} 的${accuracy(reached)}`,
  first: ({ before, ...reached }) => t`${name(reached.who)} 排名第一，${accuracy(reached)}${ahead(before)}`,
  highest: ({ before, ...reached }) =>
    t`${name(reached.who)} 的测试准确率最高，为 ${percentOf(reached.value, reached.who)}${basis(reached)}${ahead(before)}，但单个随机种子不足以判定名次`,
  equal: ({ whos }) => t`${named(whos, 2)} 在每个种子上的准确率都与之相同`,
  equivalent: ({ rows, margin }) =>
    t`${some(rows.map(compared), 2)} 与之等效（差异小于 ${pointsSize(margin)} 个百分点）`,
  undecided: ({ rows, seedsNeeded }) => {
    const needed = seedsNeeded === null ? t`` : t`（约需 ${seedsText(seedsNeeded)}才能判定）`;
    return t`${some(rows.map(compared), 2)} 是否落后尚无定论${needed}`;
  },
  behind: ({ rows }) => t`${some(rows.map(compared), 2)} 落后`,
  atChance: ({ kind, rows }) => {
    const names = rows.map(({ who, value }) => t`${name(who)}（${percentOf(value.mean, who)}）`);
    return t`${some(names)} ${kind === "stays" ? "始终停留在随机水平" : "最终退回随机水平"}`;
  },
  diverged: ({ whos }) => t`${named(whos)} 的所有试验均发散`,
  withoutResult: ({ whos }) => t`${named(whos)} 没有完成的试验`,
  selection: ({ who, value, same }) =>
    t`若改取验证准确率最高的一轮而非最后一轮，${same ? t`排名第一的仍是 ${name(who)}` : t`排名第一的将是 ${name(who)}`}（${percentOf(value, who)}）`,
  lost: ({ n, trials, whos, finished }) =>
    t`${trials} 次试验中有 ${n} 次发散（${named(whos)}）${finished ? "；均值只对完成的试验计算" : ""}`,
  resolution: ({ seeds, size }) =>
    t`在 ${seedsText(seeds)}下，小于约 ${pointsSize(size)} 个百分点的差异无法与随机波动区分`,
};
