import type { Unit } from "../../../claims/measures.ts";
import { sizeText } from "../../../claims/words.ts";
import { joined, pOf, type Text, t } from "../../text.ts";
import type * as en from "../en/claims.ts";
import { bound, type ClaimDifference, signed } from "../en/claims.ts";
import { seedsText } from "./common.ts";
import { sentence } from "./grammar.ts";

const VERDICTS = { supported: "得到支持", contradicted: "被否定", undecided: "尚无定论" };
type Verdict = keyof typeof VERDICTS;

const UNITS: Record<Unit, string> = {
  points: " 个百分点",
  loss: "",
  epochs: " 轮",
  seconds: " 秒",
  percent: " %",
  number: "",
};

const difference = (d: ClaimDifference): Text =>
  d.n === 0 ? t`没有种子同时具备两者` : t`${signed(d)}${UNITS[d.unit]}`;

export const claims: typeof en.claims = {
  heading: "论断",
  verdicts: VERDICTS,
  see: "参见",
  summary: ({ counts }) => {
    const found = (Object.keys(VERDICTS) as Verdict[]).filter((v) => counts[v] > 0);
    const of = Object.values(counts).reduce((a, b) => a + b, 0);
    const each = found.map((verdict) => t`${counts[verdict]} 条${VERDICTS[verdict]}`);
    return sentence(t`${of} 条论断中，${joined(each, "，")}`);
  },
  grounds: (f) =>
    joined(
      [
        joined(f.differences.map(difference), "；"),
        ...(f.p === null ? [] : [t`p ${pOf(f.p)}`]),
        seedsText(f.seeds),
        ...(f.without > 0 ? [t`${f.without} 次试验缺少该项`] : []),
        ...(f.seedsNeeded === null ? [] : [t`约需 ${seedsText(f.seedsNeeded)}才能判定`]),
      ],
      "，",
    ),
  caption: "各论断，以及逐个种子支持或反对它的差异与 95 % 区间。",
  columns: { claim: "论断", verdict: "判定", difference: "左减右", test: "检验" },
  by: ({ comparison, margin, unit }) =>
    margin > 0 ? `${comparison}，幅度 ${sizeText(margin, unit)}${UNITS[unit]}` : comparison,
  and: " 且 ",
  exactP: ({ p, adjusted }) => `p ${p}，校正后 ${adjusted}`,
  axes: {
    points: "左减右，百分点",
    loss: "左减右，损失",
    epochs: "左减右，轮",
    seconds: "左减右，秒",
    percent: "左减右，百分比",
    number: "左减右，差值",
  },
  claimed: ({ operator, margin, unit }) => {
    const size = `${sizeText(margin, unit)}${UNITS[unit]}`;
    if (operator === "≈") return `论断：± ${size}`;
    if (operator === "=") return "论断：0";
    return `论断：${operator.replace("<=", "≤").replace(">=", "≥")} ${bound(operator, margin, size)}`;
  },
  title: ({ id, verdict, claim }) => t`${{ text: id }} ${VERDICTS[verdict]}：${{ text: claim }}`,
  subtitle: ({ basis, comparisons }) =>
    t`${basis} · ${comparisons === 1 ? "该项比较" : "各项比较"}的左减右：每个种子一点，下方为均值与 95 % 置信区间 · 阴影：论断成立时均值所在的范围`,
  alt: ({ rows }) =>
    joined(
      rows.map((r) => t`${{ text: r.comparison }}：${difference(r.difference)}`),
      "；",
    ),
  methods:
    "当各种子上的 t 检验在 5 % 水平（用 Holm 法对全部论断校正）下成立时，论断判为得到支持或被否定；含多项比较的论断，须各项均如所述才算得到支持，只要有一项相反即被否定。幅度：计入的最小差异；对 ≈ 而言是容许的最大差异。",
};
