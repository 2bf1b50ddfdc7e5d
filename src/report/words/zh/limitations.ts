import { distanceOf, fixedOf, t, wholePercent } from "../../text.ts";
import type * as en from "../en/limitations.ts";
import { counted, listed, named } from "./grammar.ts";

const STATES = { running: "仍在进行", paused: "已暂停", interrupted: "已中断", finished: "已结束" };

export const limitations: typeof en.limitations = {
  heading: "局限",
  none: "未发现常见的局限。",
  unfinished: ({ state, open, trials }) =>
    t`本次运行${STATES[state]}：${trials} 次试验中有 ${open} 次尚未结束，均值仍可能变化。`,
  oneSeed: "只有一个随机种子：无法给出置信区间，也无法判定各配置的名次。",
  fewSeeds: ({ seeds, errors, enough }) =>
    t`只有 ${counted(seeds, "个随机种子")}：区间很宽（两侧各 ${fixedOf(errors, 1)} 个标准误），且以种子间服从正态分布为前提；宜有 ${enough} 个或更多。`,
  sequential:
    "种子是在查看差异的同时逐步增加的：两两比较与论断的检验已考虑这一点；单个配置的均值及其区间、主效应与秩则没有考虑，且提前结束的研究往往显示偏大的差异。",
  lucky: ({ whos }) => t`${named(whos)} 的数值只来自未发散的种子，反映的是其中较为幸运的试验。`,
  noValidation: "没有验证集：只给出最后一轮的数值；凡根据本报告所作的选择，都等于在测试集上选择。",
  noisyTraining: "训练集的标签被有意改动：训练数值把符合错误标签者也算作正确，因此只有测试集上的数值能说明学到了什么。",
  oneOfAKind: ({ data, model }) => {
    const one = [
      ...(data === null ? [] : [t`一个数据集（${{ text: data }}）`]),
      ...(model === null ? [] : [t`一个模型（${{ text: model }}）`]),
    ];
    return t`结果只在${listed(one)}上得到：换用其他数据或模型，名次可能不同。`;
  },
  untuned: ({ optimizer }) =>
    t`所有损失函数共用一组优化器设置（${{ text: optimizer }}）；各损失函数的梯度大小不同，这组设置对有些损失函数更为合适。`,
  rising: ({ whos, by }) =>
    t`${named(whos)} 的测试准确率在最后十分之一的轮次中仍上升了 ${distanceOf(by)} 个百分点以上：训练更久，名次可能改变。`,
  unconverged: ({ whos, percent }) =>
    t`${named(whos)} 的训练损失在最后一轮中变化仍超过 ${{ text: String(percent), value: percent }} %：训练尚未收敛。`,
  atChance: ({ whos }) =>
    t`${named(whos)} 在此设置下没有学到东西；这更多地说明设置（学习率、轮数）的问题，而不是该损失函数的上限。`,
  underpowered: ({ whos, margin, power }) =>
    t`种子太少，难以发现小的差异：第一名与 ${named(whos)} 之间若相差 ${distanceOf(margin)} 个百分点，这样的研究${whos.length > 1 ? "最少" : ""}只有 ${wholePercent(power)} 能发现它。`,
};
