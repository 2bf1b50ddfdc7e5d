import { name, numberOf, t } from "../../text.ts";
import type * as en from "../en/gradients.ts";
import { named, points } from "./grammar.ts";

const WHAT = { norms: "梯度范数", ratios: "更新比" };

export const gradients: typeof en.gradients = {
  heading: "梯度与单元",
  fold: "各层与各激活函数的最终状态",
  none: "无",
  concerns: { "not finite": "非有限值", vanishing: "梯度消失", exploding: "梯度爆炸" },
  concern: ({ what, layer, from, to }) => `${layer} ${what}（第 ${from === to ? from : `${from} … ${to}`} 轮）`,
  caption: "最后一轮；取值最小与最大的层，各种子的均值；异常涵盖全部轮次与种子。",
  columns: {
    smallestNorm: "梯度范数，最小",
    largest: "最大",
    smallestRatio: "更新比，最小",
    saturated: "饱和最多，%",
    dead: "失活最多，%",
    concerns: "异常",
  },
  layerCaption: ({ who }) => `${who.label}：最后一轮，各种子的均值。`,
  layerColumns: {
    part: "部分",
    gradientNorm: "梯度范数",
    weightNorm: "权重范数",
    updateRatio: "更新比",
    saturated: "饱和，%",
    dead: "失活，%",
  },
  axes: { norms: "梯度范数", ratios: "更新 / 权重" },
  ofLayers: ({ what }) => `各层的${WHAT[what]}`,
  spread: (f) =>
    t`${name(f.who)} 中，${{ text: f.high }} 的${WHAT[f.what]}最终是 ${{ text: f.low }} 的 ${numberOf(f.ratio, 2, f.who)} 倍`,
  subtitle: ({ basis, what }) =>
    points([basis, `各层的${WHAT[what]}，对一轮中探查的各步取平均，对数轴；色带：各种子的 95 % 置信区间`]),
  alt: ({ what, whos }) => t`${named(whos)} 各层的${WHAT[what]}随轮次的变化。`,
  terms:
    "均为一轮中探查的各步的平均。更新比：一步的长度与权重长度之比，逐层计算，通常在 10⁻³ 附近。梯度消失：没有梯度，或更新量小到被 float32 舍去；梯度爆炸：更新量比权重还长。饱和：激活函数的导数小于 0.01（对 ReLU 而言即单元关闭）；失活：对小批次中的每个样本都是如此。",
};
