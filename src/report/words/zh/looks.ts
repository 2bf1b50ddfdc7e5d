import { durationOf, shareOf, t } from "../../text.ts";
import type * as en from "../en/looks.ts";

const cost = (f: en.LooksEnd) =>
  t`${f.trials} 次试验，训练 ${durationOf(f.seconds)}，已用去显著性水平 ${shareOf(f.level)} 中的 ${shareOf(f.spent)}。`;

export const looks: typeof en.looks = {
  heading: "期中分析",
  none: "尚未进行期中分析。",
  end: (f) => {
    switch (f.end) {
      case "decided":
        return t`用 ${f.seeds} 个种子（至多 ${f.most} 个）即全部有了结论：${cost(f)}`;
      case "all seeds":
        return t`用完全部 ${f.most} 个种子后，${f.questions} 项中仍有 ${f.open} 项未决：${cost(f)}`;
      case "futile":
        return t`在 ${f.seeds} 个种子（至多 ${f.most} 个）处停止，${f.questions} 项中有 ${f.open} 项未决，增加种子也难有结论：${cost(f)}`;
      case null:
        return t`目前有 ${f.seeds} 个种子（至多 ${f.most} 个），${f.questions} 项中有 ${f.open} 项未决：${cost(f)}`;
    }
  },
  methods: ({ claims, sizes, spending }) =>
    t`种子分批增加，直到${claims ? "每条论断" : "与第一名的每个差别"}都有结论；在 ${sizes} 个种子处各分析一次，这在开始之前即已写明。每次分析中，单个 5 % 水平的双侧检验越过下表的界值即作出结论；到那时可用去 5 % 中的多少，由 ${spending} 型消耗函数规定（Lan 与 DeMets，1983）。差别、等价与论断的 p 值对至今的所有分析有效（Liu 与 Anderson，2008），其上的 Holm 校正也因此有效（Maurer 与 Bretz，2013）；它们的区间是重复置信区间，对所有分析同时成立（Jennison 与 Turnbull，1989）。`,
  caption: ({ claims }) => `计划中的各次分析，以及到那时的花费和${claims ? "已有结论的论断" : "已有的结论"}。`,
  columns: {
    look: "次",
    seeds: "种子",
    trials: "试验",
    training: "训练用时",
    boundary: "界值 z",
    p: "所需 p",
    spent: "已用水平",
    decided: "有结论",
    open: "未决",
  },
  decided: ({ n, of }) => `${n} / ${of}`,
  notTaken: "未进行",
};
