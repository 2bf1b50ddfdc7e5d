import { t } from "../../text.ts";
import type * as en from "../en/pictures.ts";
import { points } from "./grammar.ts";

const MEASURES = { accuracy: "准确率", loss: "损失", precision: "精确率", recall: "召回率", f1: "F1" };
const OF = { loss: "损失", accuracy: "准确率" };
const PARTS = {
  all: "",
  loss: "损失函数",
  optimizer: "优化器",
  activation: "激活函数",
  model: "模型",
  batchSize: "批大小",
};

export const pictures: typeof en.pictures = {
  parts: PARTS,
  heading: "研究指定的图",
  fourSeries: "各配置的训练与测试损失、训练与测试准确率",
  trainAndTest: ({ of }) => `各配置的训练与测试${OF[of]}`,
  measure: ({ of }) => `全部配置在训练集与测试集上的${MEASURES[of]}`,
  measureSubtitle: ({ of }) => `${MEASURES[of]} · 虚线：训练，实线：测试`,
  measures: MEASURES,
  percentAxis: ({ title }) => `${title}，%`,
  pointsAxis: ({ title }) => `${title}，百分点`,
  testAccuracy: "测试准确率随轮次的变化",
  testAccuracySubtitle: "测试准确率",
  change: "训练损失的逐轮变化",
  changeSubtitle: "训练损失变化的百分比，越接近 0 收敛越充分",
  distance: { loss: "测试损失减训练损失", accuracy: "训练准确率减测试准确率" },
  distanceSubtitle: "大于 0 表示测试集上较差",
  distanceAxes: { loss: "测试 − 训练损失", accuracy: "训练 − 测试准确率" },
  noise: { loss: "噪声下测试损失的变化", accuracy: "噪声下测试准确率的变化" },
  noiseSubtitle: "输入加噪声的测试集减去未加噪声的测试集",
  noiseAxes: { loss: "测试损失的变化", accuracy: "测试准确率的变化" },
  curvesSubtitle: (f) =>
    points([
      f.basis,
      f.what,
      "各种子的均值与 95 % 色带",
      ...(f.by === null ? [] : [`按${PARTS[f.by]}分图，坐标轴相同`]),
    ]),
  curvesAlt: ({ title, what, n }) => t`${title}：${n} 个配置的${what}随轮次的变化。`,
  frame: "分图",
  panelsSubtitle: ({ basis, marks }) =>
    t`${basis} · 虚线：训练，实线：测试 · 各种子的均值与 95 % 色带 · ${marks === "lines" ? "折线" : "散点"}，横轴为轮次`,
  panelsAlt: ({ title, n }) => t`${title}随轮次的变化，${n} 个配置各一幅。`,
  timeSubtitle: ({ basis, fused }) =>
    t`${basis} · 各种子的均值与 95 % 置信区间${fused ? " · 在同一计算图中训练的试验平分其用时" : ""}`,
  timeAlt: ({ n }) => t`${n} 个配置的每轮秒数。`,
};
