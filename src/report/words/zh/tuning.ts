import { plainText, type Who } from "../../text.ts";
import type * as en from "../en/tuning.ts";
import { listed, named, some } from "./grammar.ts";

const MEASURES = { accuracy: "准确率", balancedAccuracy: "平衡准确率", macroF1: "宏平均 F1" };
const SEARCHES: Record<string, string> = {
  random: "随机搜索",
  quasiRandom: "拟随机搜索",
  successiveHalving: "逐次减半法",
};

const all = (words: readonly (string | number)[]): string => plainText(listed(words.map(String)));
const names = (whos: readonly Who[]): string => plainText(named(whos));

export const tuning: typeof en.tuning = {
  heading: "调参",
  measures: MEASURES,
  method: (f) => {
    const what = f.space.map(({ name, range }) => `${name}（取自 ${range ?? "给定列表"}）`);
    const turns = f.rounds > 1 ? `，分 ${f.rounds} 个阶段，各训练 ${all(f.epochs)} 轮，每阶段之后最好的继续` : "";
    return [
      `每个配置各自选定 ${all(what)}，方法为${SEARCHES[f.search] ?? f.search}：${f.candidates} 个候选，各配置相同${turns}。`,
      `候选按${f.at === "last" ? "最后一轮" : "最佳一轮"}之后验证集上的${MEASURES[f.measure]}评判，使用 ${f.seeds.length} 个专用种子（${plainText(some(f.seeds.map(String)))}）；同样好的取居中者。共用去 ${f.trials} 次试验。`,
      "测试集未参与其中，比较所用的种子也与之不同。",
    ].join("");
  },
  atEdge: (f) =>
    `${f.label} 选定的 ${f.name} 为 ${f.value}，是全部候选中${f.side === "lowest" ? "最小" : "最大"}的${f.range ? `，处于 ${f.range} 的边缘` : ""}：更好的取值可能在此之外。`,
  noneTrained: ({ whos }) => `${names(whos)} 没有候选完成训练，因此不在调参后的配置之中。`,
  nothingTuned: ({ whos }) => `${names(whos)} 没有可调的超参数。`,
  sentences: (all) => all.join(""),
  caption:
    "各配置选定的取值，以及在比较所用的种子上，分别采用给定与调参所得超参数时的测试准确率；增益：逐个种子用调参后减去未调参，附 95 % 区间。",
  columns: { chosen: "选定", untuned: "未调参，%", tuned: "调参后，%", gain: "增益，百分点", diverged: "发散" },
  validation: ({ measure }) => `验证${MEASURES[measure]}，%`,
  nothingToTune: "无可调项",
  of: ({ n, all }) => `${n} / ${all}`,
  title: ({ name, low, high }) => {
    if (!low || !high) return `各候选随 ${name} 的变化`;
    if (low.value === high.value) return `${names(low.whos)} 在 ${name} 为 ${low.value} 时最好`;
    return `最佳 ${name} 由 ${low.value}（${names(low.whos)}）到 ${high.value}（${names(high.whos)}）`;
  },
  subtitle: (f) => {
    const after =
      f.rounds > 1 ? `第一阶段 ${f.first} 轮之后；孤立点：继续训练者，${f.last} 轮之后` : `${f.first} 轮之后`;
    return `${f.data} · 每个候选的验证${MEASURES[f.measure]}，${after}；大点为选定者`;
  },
  alt: (f) => `${names(f.whos)} 的验证${MEASURES[f.measure]}随 ${all(f.names)} 的变化。`,
};
