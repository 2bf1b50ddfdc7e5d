import { name, percentOf, t } from "../../text.ts";
import type * as en from "../en/per-class.ts";
import { clauses, commas, points } from "./grammar.ts";

const label = (text: string) => ({ text });

export const perClass: typeof en.perClass = {
  heading: "各类别的结果",
  fold: "各类别的精确率、召回率、特异度与 F1",
  columns: {
    class: "类别",
    precision: "精确率",
    recall: "召回率",
    specificity: "特异度",
    f1: "F1",
    samples: "样本数",
  },
  caption: ({ who }) => `${who.label}：测试集，最后一轮，百分数，全部种子合计。`,
  recall: (f) =>
    clauses([
      t`类别 ${label(f.worst.class)} 漏判最多（平均召回率 ${percentOf(f.worst.recall)}），类别 ${label(f.best.class)} 最少（${percentOf(f.best.recall)}）`,
      ...f.lopsided.map((l) => t`${name(l.who)} 几乎把所有样本都判为类别 ${label(l.class)}`),
    ]),
  recallAxis: "召回率，%",
  recallSubtitle: ({ basis }) => t`${basis} · 各类别中被正确识别的比例，测试集，最后一轮；颜色越深，漏判越多`,
  recallAlt: ({ classes, configurations }) =>
    t`${configurations} 个配置在 ${classes} 个类别上的召回率；数值见下方各表。`,
  noConfusion: "没有样本被误判",
  confusion: (f) =>
    t`最常见的混淆：${name(f.who)} 把类别 ${label(f.from)} 中 ${percentOf(f.share, f.who)} 的样本判为 ${label(f.to)}`,
  confusionSubtitle: ({ basis }) =>
    points([basis, "各类别（行）被判为各类别（列）的百分比，测试集，最后一轮，全部种子合计；判对者不着色"]),
  confusionAlt: ({ whos }) => t`${commas(whos.map(name))} 的混淆矩阵。`,
};
