import type * as en from "../en/plots.ts";

export const plots: en.PlotWords = {
  epoch: "轮次",
  seconds: "秒",
  logAxis: ({ title }) => `${title}，对数轴`,
  axisFrom: ({ title, from }) => `${title}，轴起点 ${from}`,
  chance: ({ percent }) => `随机水平 ${percent} %`,
  train: "训练",
  heldOut: { test: "测试", validation: "验证" },
  class: "类别",
  takenFor: "判为",
  accuracy: "准确率",
  confidence: "置信度",
  mostInBin: ({ n }) => `区间内最多 ${n} 个`,
  rowMinusColumn: "行减列，百分点",
  shareAbove: "高于阈值的试验比例",
  criticalDifference: ({ size, beyond }) => `临界差 ${size}${beyond ? "，超出坐标轴" : ""}`,
};
