import { t } from "../../text.ts";
import type * as en from "../en/convergence.ts";
import { named } from "./grammar.ts";

export const convergence: typeof en.convergence = {
  heading: "收敛",
  ownFinal: "自身最终值的 95 %",
  caption: ({ goal }) =>
    `测试准确率达到${goal ?? "该试验自身最终值的 95 %"}所需：各种子的中位数，括号内为最小值至最大值；其余各列为各种子的均值。`,
  epochsTo: ({ goal }) => `达到${goal}的轮数`,
  columns: {
    seconds: "秒数",
    area: "测试准确率曲线下面积，%",
    settled: "损失趋稳的轮次",
    smoothness: "平滑度",
    fluctuation: "波动，百分点",
    lastChange: "损失的末轮变化，%",
  },
  missed: ({ never, of }) => `${of} 个中 ${never} 个未达到`,
  bySeed: ({ values }) => `各种子：${values.map((v) => v ?? "未达到").join("，")}`,
  allStill: ({ percent }) => t`最后一轮中没有训练损失的变化超过 ${{ text: String(percent), value: percent }} %`,
  stillChanging: ({ whos, percent }) =>
    t`最后一轮中，${named(whos)} 的训练损失变化仍超过 ${{ text: String(percent), value: percent }} %`,
  subtitle: ({ basis }) => t`${basis} · 训练损失逐轮变化占上一轮的百分比；越接近 0，收敛越充分`,
  alt: "训练损失逐轮变化的百分比。",
  axis: "训练损失的变化，%",
  terms:
    "趋稳：自该轮起，训练损失与最后值之差始终不超过其总变化的 5 %；若损失到最后仍在下降，则只在最后几轮才趋稳。平滑度：测试准确率从不回落时为 1。波动：损失趋稳之后，测试准确率逐轮之间的标准差。",
};
