import { joined, name, pointsOf, pointsSize, type Text, t } from "../../text.ts";
import type * as en from "../en/pairs.ts";
import { clauses, counted } from "./grammar.ts";

const VERDICTS = { different: "领先", equivalent: "等效", equal: "每个种子均相同", undecided: "尚无定论" };

const differ = (n: number, of: number): Text => {
  const all = counted(of, "对");
  if (n === 0) return t`${all}比较中没有一对的差异超出随机波动`;
  return n === of ? t`全部 ${all}比较的差异均超出随机波动` : t`${all}比较中有 ${n} 对的差异超出随机波动`;
};

export const pairs: typeof en.pairs = {
  heading: "两两比较",
  ofFirst: "与第一名之差的全部检验",
  ofAll: "全部两两检验",
  title: ({ counts, margin }) => {
    const { different, equivalent, equal, undecided } = counts;
    return clauses([
      differ(different, different + equivalent + equal + undecided),
      ...(equivalent > 0 ? [t`${equivalent} 对等效（差异小于 ${pointsSize(margin)} 个百分点）`] : []),
      ...(equal > 0 ? [t`${equal} 对在每个种子上均相同`] : []),
      ...(undecided > 0 ? [t`${undecided} 对尚无定论`] : []),
    ]);
  },
  subtitle: ({ basis, margin, shown, of }) =>
    t`${basis} · 逐个种子比较测试准确率 · 着色：行领先于列（p ≤ 0.05，已对全部比较校正），差异小于 ${pointsSize(margin)} 个百分点时颜色较浅 · ≈ 等效 · 灰色：尚无定论${shown < of ? t` · 仅画出 ${of} 个中最好的 ${shown} 个，其余各项与第一名之差见数据文件` : ""}`,
  alt: ({ rows }) =>
    joined(
      rows.map(
        ({ better, other, difference, verdict }) =>
          t`${name(better)} 减 ${name(other)}：${pointsOf(difference)}，${VERDICTS[verdict]}`,
      ),
      "；",
    ),
  verdicts: VERDICTS,
  negligible: ({ margin }) => `领先，但不足 ${margin}`,
  about: ({ seeds }) => `约 ${seeds}`,
  caption: "逐个种子的最终测试准确率之差与 95 % 区间；两种检验的 p 值已对全部比较校正。",
  columns: {
    pair: "比较",
    difference: "差异，百分点",
    p: "差异检验 p",
    equivalence: "等效检验 p",
    verdict: "判定",
    needed: "判定所需种子数",
    effect: "效应量 d_z",
    improvement: "P（前者更好）",
    wilcoxon: "符号秩检验 p",
    permutation: "置换检验 p",
  },
  methods: ({ pairs: n, margin }) =>
    t`差异：配对 t 检验。等效：双单侧 t 检验，检验差异是否至少为 ${pointsSize(margin)} 个百分点。两者都用 Holm 法对本研究全部 ${counted(n, "对")}比较作校正。判定所需种子数：在差异与标准差保持不变的前提下，使检验功效达到 80 % 所需的种子数。d_z：以差异的标准差为单位的平均差异。最后两列分别对差异取秩、翻转符号，不假定正态分布，也未作校正；有 n 个种子时其值不会小于 2 / 2ⁿ。`,
};
