import { fixedOf, t } from "../../text.ts";
import type * as en from "../en/panels.ts";
import { named } from "./grammar.ts";

const LINES = "虚线：训练，实线：测试，色带：各种子的 95 % 置信区间";
const epoch = (value: number) => fixedOf(value, Number.isInteger(value) ? 0 : 1);

export const panels: typeof en.panels = {
  heading: "逐个配置的曲线",
  noneFinished: "尚无试验完成：曲线止于训练中断处",
  noneLearned: "没有配置高于随机水平",
  speed: ({ fastest, first, slowest, last }) => {
    const start = t`${named(fastest, 2)} 在第 ${epoch(first)} 轮达到最终准确率的 95 %`;
    return first === last ? start : t`${start}，最晚的是 ${named(slowest, 2)}，在第 ${epoch(last)} 轮`;
  },
  accuracySubtitle: ({ basis }) => t`${basis} · 准确率（百分数）随轮次的变化 · ${LINES} · 各图坐标轴相同`,
  accuracyAlt: ({ n }) => t`训练与测试准确率随轮次的变化，${n} 个配置各一幅。`,
  lossesOfEach: "各配置的训练损失与测试损失",
  losses: ({ above, below, all }) => {
    if (all) return t`所有配置的测试损失最终都${above.length > 0 ? "高" : "低"}于训练损失`;
    const [over, under] = [
      t`${named(above)} 的测试损失最终高于训练损失`,
      t`${named(below)} 的测试损失最终低于训练损失`,
    ];
    if (above.length === 0) return under;
    return below.length === 0 ? over : t`${over}，${under}`;
  },
  lossSubtitle: ({ basis }) => t`${basis} · 损失随轮次的变化 · ${LINES} · 同一损失函数的各图损失轴相同`,
  lossAlt: ({ n }) => t`训练与测试损失随轮次的变化，${n} 个配置各一幅。`,
};
