import type { LossCurvesWords } from "../en/loss-curves.ts";

export const lossCurves: LossCurvesWords = {
  p: "目标类别的概率 p",
  margin: "目标 logit 高出其余的间隔",
  value: "损失",
  gradient: "对目标 logit 的梯度",
  size: "对目标 logit 的梯度大小",
  cut: "，坐标轴已截断",
  log: "，对数轴",
};
