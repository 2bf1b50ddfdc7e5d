import { distanceOf, fixedOf, joined, numberOf, percentOf, pOf, type Text, t } from "../../text.ts";
import type * as en from "../en/effects.ts";
import { type TestedEffect, trimmed } from "../en/effects.ts";
import { counted, listed, sentence, sentences } from "./grammar.ts";

const test = ({ f, df, errorDf, p }: TestedEffect): Text =>
  t`F(${trimmed(df)}, ${trimmed(errorDf)}) = ${Number.isFinite(f) ? numberOf(f, 3) : "∞"}，p ${pOf(p)}`;

const said = (effects: readonly TestedEffect[]): Text =>
  listed(effects.map((e) => t`${{ text: e.factors[0] }}（${test(e)}）`));

export const effects: typeof en.effects = {
  heading: "主效应与交互作用",
  headingOfOne: "因素的效应",
  parts: {
    loss: "损失函数",
    activation: "激活函数",
    optimizer: "优化器",
    model: "模型",
    data: "数据",
    schedule: "学习率调度",
    augment: "数据增强",
    clip: "梯度裁剪",
    warmStart: "热启动",
    epochs: "轮数",
    batchSize: "批大小",
    ema: "权重平均",
    fuse: "融合训练",
    device: "设备",
  },
  fold: "全部效应的检验",
  summary: ({ found, missing, joint, interactions }) => {
    const clauses: Text[] = [];
    if (found.length > 0) clauses.push(t`测试准确率取决于${said(found)}`);
    if (missing.length > 0) clauses.push(t`未发现${said(missing)}的效应`);
    const first = sentence(joined(clauses, "；"));
    if (joint === 0) return first;
    if (interactions.length === 0)
      return sentences([first, "未发现交互作用：没有迹象表明一个因素的作用取决于另一个因素。"]);
    const each = interactions.map((e) => {
      const [one, ...others] = [...e.factors].reverse().map((text) => ({ text }));
      return t`${one}的效应取决于${listed(others)}（${test(e)}）`;
    });
    return sentences([first, sentence(t`各因素的效应相互影响：${joined(each, "；")}`)]);
  },
  title: ({ factor, span }) => t`${{ text: factor }}各水平之间相差最大：${distanceOf(span)} 个百分点`,
  subtitle: ({ basis, seeds, cut }) =>
    t`${basis} · 各水平的测试准确率，对其他因素的全部水平取平均 · 所有配置均完成的 ${counted(seeds, "个种子")}，95 % 置信区间${cut ? " · 箭头：超出坐标轴" : ""}`,
  alt: ({ factors }) =>
    joined(
      factors.map(({ factor, levels }) => {
        const all = levels.map(({ level, value }) => t`${{ text: level }} ${percentOf(value)}`);
        return t`${{ text: factor }}：${joined(all, "，")}`;
      }),
      "；",
    ),
  axis: "平均测试准确率，%",
  caption: "各效应对最终测试准确率的影响，均以其自身在种子间的变异为基准检验。",
  columns: { effect: "效应", df: "自由度", holm: "p（Holm）", eta: "偏 η²", mauchly: "p（Mauchly）" },
  exactP: ({ corrected, p }) => `${corrected}，未乘 ε 时 ${p}`,
  methods: ({ seeds, incomplete, normality, method, effects: n }) => {
    const on = method === "ranks" ? "对齐秩" : "原始数值";
    const shape = normality
      ? t`残差${method === "ranks" ? "不服从正态分布" : "可视为正态分布"}（Shapiro–Wilk 检验：W = ${numberOf(normality.w, 3)}，p ${pOf(normality.p)}），因此在${on}上检验效应。`
      : t`变异过小，无法检查残差；效应在原始数值上检验。`;
    const left =
      incomplete.length > 0
        ? t`种子 ${listed(incomplete.map((s) => fixedOf(s, 0)))} 并非在所有配置上都完成，故未计入。`
        : t``;
    return t`对所有配置均完成的 ${counted(seeds, "个种子")}作重复测量方差分析。${left}${shape}由于不默认球形性成立，自由度乘以 Greenhouse–Geisser ε；p 值用 Holm 法对 ${counted(n, "个效应")}作校正。`;
  },
};
