import type * as en from "../en/looks.ts";

export const looks: typeof en.looks = {
  heading: "期中检查",
  notYet: "尚未进行检查。",
  end: (f) => {
    const cost = `${f.trials} 次试验，训练 ${f.duration}，已用去显著性水平 ${f.level} 中的 ${f.spent}`;
    const undecided = `${f.questions} 项中 ${f.open} 项尚无定论`;
    switch (f.end) {
      case "decided":
        return `用了至多 ${f.most} 个种子中的 ${f.seeds} 个，全部已有定论：${cost}。`;
      case "all seeds":
        return `用完全部 ${f.most} 个种子后，${undecided}：${cost}。`;
      case "futile":
        return `用了至多 ${f.most} 个种子中的 ${f.seeds} 个后停止，${undecided}，增加种子也难以判定：${cost}。`;
      case null:
        return `至今用了至多 ${f.most} 个种子中的 ${f.seeds} 个，${undecided}：${cost}。`;
    }
  },
  design: ({ sizes }) => {
    const shown = sizes.length > 5 ? [...sizes.slice(0, 3), `… ${sizes[sizes.length - 1]}`] : sizes;
    return `在 ${shown.join("、")} 个种子时检查`;
  },
  spendings: { pocock: "Pocock", obrienFleming: "O'Brien–Fleming" },
  methods: (f) =>
    `种子分批增加，直至${f.of === "claims" ? "每条论断" : "与第一名的每项差异"}都有定论，${f.design}，均在开始之前声明。每次检查时，单个 5 % 水平的双侧检验超过下表的界限即可判定；至此可用去 5 % 中的多少，由 ${f.spending} 消耗函数决定（Lan 与 DeMets，1983）。差异、等效与论断的 p 值对至今的全部检查成立（Liu 与 Anderson，2008），对多个检验的 Holm 校正亦然（Maurer 与 Bretz，2013）；其区间为重复 95 % 置信区间，对全部检查同时成立（Jennison 与 Turnbull，1989）。`,
  caption: ({ of }) => `计划中的各次检查，以及至此的花费和${of === "claims" ? "已有定论的论断" : "已有的定论"}。`,
  columns: {
    look: "检查",
    training: "训练用时",
    boundary: "界限 z",
    p: "判定所需 p",
    spent: "已用水平",
    decided: "已判定",
    open: "未定",
  },
  of: ({ n, all }) => `${n} / ${all}`,
  notTaken: "未进行",
};
