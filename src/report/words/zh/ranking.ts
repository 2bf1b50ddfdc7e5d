import { distanceOf, joined, name, percentOf, pointsSize, t } from "../../text.ts";
import type * as en from "../en/ranking.ts";
import { counted, named } from "./grammar.ts";

export const ranking: typeof en.ranking = {
  heading: "排名",
  caption: ({ data, seeds, hasValidation }) => {
    const count = seeds === null ? t`` : t`（${counted(seeds, "个种子")}）`;
    const means = seeds === 1 ? t`只有一个种子，没有置信区间` : t`各种子的均值与 95 % 置信区间${count}`;
    const best = hasValidation ? "；“验证最佳时”指验证准确率最高那一轮的测试准确率" : "";
    return t`${data === null ? "" : t`${{ text: data }}：`}${means}；最后一轮${best}。`;
  },
  exactP: ({ adjusted, p }) => `${adjusted}；仅与第一名比较、未校正时为 ${p ?? "–"}`,
  columns: {
    testAccuracy: "测试准确率，%",
    difference: "与第一名之差，百分点",
    p: "p 值",
    order: "名次判定",
    testLoss: "测试损失",
    trainAccuracy: "训练准确率，%",
    atBestValidation: "验证最佳时，%",
  },
  terminal: {
    configuration: "配置",
    testAccuracy: "测试准确率 %",
    difference: "与第一名之差",
    testLoss: "测试损失",
    trainAccuracy: "训练准确率 %",
    atBestValidation: "验证最佳时 %",
    seeds: "种子数",
  },
  standings: {
    first: "",
    equal: "每个种子均相同",
    equivalent: "等效",
    undecided: "尚无定论",
    behind: "落后",
    unfinished: "",
  },
  chance: { stays: "停留在随机水平", ends: "退回随机水平" },
  methods: ({ rivals, margin, repeated }) =>
    t`与第一名之差是逐个种子（初始权重与批次顺序相同）求差后的均值，附 95 % ${repeated ? "重复" : "t "}区间。“落后”指配对 t 检验表明另有配置优于它，因而它肯定不是最好的（p ≤ 0.05）${rivals > 1 ? t`；p 值已对每个配置所面对的其他配置（至多 ${rivals} 个）作校正（与最优者的多重比较，Hsu，1984），若 Holm 法对全部两两比较的校正更宽松则取后者` : ""}。因此，与最优者同样好的配置被误判为落后的研究不超过 2.5 %，并无唯一优胜者却误认有之的研究不超过 5 %。“等效”指${rivals > 1 ? "经同样校正的" : ""}双单侧 t 检验表明与第一名之差小于 ${pointsSize(margin)} 个百分点；“尚无定论”指两者都无法断定。`,
  oneEnds: ({ who, value }) => t`${name(who)} 最终达到 ${percentOf(value.mean, who)}`,
  endClose: ({ whos, within }) => t`${named(whos)} 最终相差不超过 ${distanceOf(within)} 个百分点`,
  endsHighest: ({ who, value }) => t`${name(who)} 最终最高，为 ${percentOf(value.mean, who)}`,
  oneLower: ({ who, by }) => t`${name(who)} 低 ${distanceOf(by, who)} 个百分点`,
  manyLower: ({ whos, from, to }) =>
    t`${whos.length > 3 ? t`其余 ${whos.length} 个` : named(whos)} 低 ${distanceOf(from)} 至 ${distanceOf(to)} 个百分点`,
  atChance: ({ kind, whos }) => t`${named(whos)} ${kind === "stays" ? "始终停留在随机水平" : "最终退回随机水平"}`,
  subtitle: ({ basis, several, cut }) =>
    t`${basis} · ${several ? "各种子的均值与 95 % 置信区间" : "每项只有一个种子，没有区间"}，按高低排列${cut ? " · 箭头：超出坐标轴" : ""}`,
  alt: ({ rows }) =>
    joined(
      rows.map(({ who, value }) => t`${name(who)} ${percentOf(value.mean, who)}`),
      "，",
    ),
  axis: "最后一轮的测试准确率，%",
  differenceAxis: "与第一名之差，百分点",
  chanceLevel: "随机水平",
  first: "第一",
  noResult: "无结果",
  estimates: {
    heading: "测试准确率的其他估计",
    caption:
      "已完成种子的最终测试准确率（百分数）及 95 % 区间：t 区间（假定种子间服从正态分布）与自助法区间（BCa；四分位均值用百分位法），种子少时后者偏窄。",
    diverged: "发散",
    of: ({ n, trials }) => `${n} / ${trials}`,
    mean: "均值",
    deviation: "标准差",
    tInterval: "t 区间",
    bootstrap: "自助法区间",
    median: "中位数",
    interquartileMean: "四分位均值",
    itsInterval: "其区间",
  },
};
