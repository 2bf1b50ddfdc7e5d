import { fixedOf, joined, name, numberOf, percentOf, pOf, t } from "../../text.ts";
import type * as en from "../en/data-sets.ts";
import { named } from "./grammar.ts";

const KINDS = { "data sets": "个数据集", "data conditions": "种数据条件" };

export const dataSets: typeof en.dataSets = {
  headings: { "data sets": "跨数据集比较", "data conditions": "跨数据条件比较" },
  bestRank: ({ who, rank, close, others }) => {
    const start = t`${name(who)} 的平均秩最优，为 ${fixedOf(rank, 2, who)}`;
    if (close.length === 0) return t`${start}，且与其余各项均可区分`;
    return t`${start}；${close.length === others ? "其余各项" : t`${named(close)} `}均无法与之区分`;
  },
  ranksSubtitle: ({ data, study, kind }) =>
    t`${{ text: data.join("、") }} · ${{ text: study }} 在 ${data.length} ${KINDS[kind]}上平均测试准确率的秩 · 横条连接相差小于临界差者（Nemenyi，5 %）`,
  ranksAlt: ({ rows }) =>
    joined(
      rows.map(({ who, rank }) => t`${name(who)} ${fixedOf(rank, 2, who)}`),
      "，",
    ),
  caption: "平均测试准确率（百分数）、平均秩，以及全部试验的四分位均值与其 95 % 自助法区间。",
  columns: { meanRank: "平均秩", interquartileMean: "四分位均值", itsInterval: "其区间" },
  profilesTitle: ({ who, value }) => t`${name(who)} 在全部试验上的四分位均值最高，为 ${percentOf(value, who)}`,
  profilesSubtitle: ({ kind }) => `最终测试准确率高于各阈值的试验所占比例，各${KINDS[kind].slice(1)}权重相同`,
  profilesAlt: ({ n }) => t`${n} 个配置的性能曲线。`,
  axis: "测试准确率，%",
  methods: (f) => {
    const few = f.data < 5 ? t`只有 ${f.data} ${KINDS[f.kind]}时，只能发现很大的秩差。` : t``;
    return t`对 ${f.data} ${KINDS[f.kind]}、${f.configurations} 个配置作秩相等的 Friedman 检验：χ² = ${numberOf(f.chiSquared, 3)}，p ${pOf(f.p)}；Iman–Davenport F 检验 p ${pOf(f.fP)}。${few}`;
  },
};
