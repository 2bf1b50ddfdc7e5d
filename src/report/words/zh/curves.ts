import { distanceOf, joined, name, numberOf, percentOf, t, type Who, whole } from "../../text.ts";
import type * as en from "../en/curves.ts";
import { clauses, counted, named, some } from "./grammar.ts";

interface Gap {
  who: Who;
  gap: number;
}

const HELD_OUT = { validation: "验证", test: "测试" };
const by = ({ who, gap }: Gap) => distanceOf(Math.abs(gap), who);
const side = ({ gap }: Gap): string => (gap >= 0 ? "高于" : "低于");

export const curves: typeof en.curves = {
  heading: "学习曲线",
  empty: "尚未记录任何一轮训练。",
  noneFinished: "尚无试验完成",
  accuracyAxis: "准确率，%",
  testAccuracyAxis: "测试准确率，%",
  testLossAxis: "测试损失",
  lossAxis: "损失",
  enlarged: "最好的几项，放大",
  learnedEnlarged: "高于随机水平者，放大",
  linear: "线性",
  log: "对数",
  lead: ({ who, since, often }) =>
    often
      ? t`自第 ${whole(since, who)} 轮起，${name(who)} 的平均测试准确率一直最高，此前多数时候是 ${name(often)}`
      : t`自第一轮起，${name(who)} 的平均测试准确率一直最高`,
  accuracyDrawn: "每轮之后的测试准确率",
  lossDrawn: "每轮之后的测试损失，各损失函数单位不同：应比较形状而非高低",
  drawn: (f) =>
    joined(
      [
        f.basis,
        f.what,
        ...(f.seeds > 1 ? ["各种子的均值与 95 % 色带"] : f.seeds === 1 ? ["每项只有一个种子"] : []),
        ...(f.grey > 0 ? [t`最好的 ${f.shown} 项着色，其余 ${f.grey} 项为灰色`] : []),
        ...(f.crosses ? ["以 × 结束的细线为发散的试验"] : []),
      ],
      " · ",
    ),
  accuracyAlt: ({ rows }) =>
    t`测试准确率随轮次的变化。最终：${joined(
      rows.map(({ who, value }) => t`${name(who)} ${percentOf(value.mean, who)}`),
      "，",
    )}。`,
  lossAlt: ({ rows }) =>
    t`测试损失随轮次的变化。最终：${joined(
      rows.map(({ who, value }) => t`${name(who)} ${numberOf(value.mean, 4, who)}`),
      "，",
    )}。`,
  noUpturn: ({ epochs }) => t`在 ${counted(epochs, "轮")}之内没有测试损失回升`,
  manyUpturns: ({ configurations, epoch }) => t`${configurations} 个配置的测试损失出现回升，最早始于第 ${epoch} 轮`,
  upturns: ({ turns, others }) => {
    const each = turns.map(
      ({ who, epoch, from, to }) =>
        t`${name(who)}（第 ${whole(epoch, who)} 轮之后，由 ${numberOf(from, 3, who)} 升至 ${numberOf(to, 3, who)}）`,
    );
    const rest = others.length > 0 ? [t`${named(others)} 没有回升`] : [];
    return clauses([t`测试损失回升的有 ${some(each)}`, ...rest]);
  },
  gapAtChance: ({ heldOut }) => `训练与${HELD_OUT[heldOut]}准确率均停留在随机水平`,
  gapOfOne: ({ gap, heldOut }) =>
    t`${name(gap.who)} 的训练准确率最终${side(gap)}${HELD_OUT[heldOut]}准确率 ${by(gap)} 个百分点`,
  gapOneSided: ({ near, far, heldOut }) =>
    t`训练准确率最终${side(near)}${HELD_OUT[heldOut]}准确率：${name(near.who)} 相差 ${by(near)} 个百分点，${name(far.who)} 相差最大，为 ${by(far)} 个百分点`,
  gapBothSides: ({ least, most, heldOut }) =>
    t`${name(most.who)} 的训练准确率最终高于${HELD_OUT[heldOut]}准确率 ${by(most)} 个百分点，${name(least.who)} 则低 ${by(least)} 个百分点`,
  gapSubtitle: ({ basis, heldOut, shown, of }) => {
    const some = shown < of ? t` · ${of} 个配置中的 ${shown} 个` : t``;
    return t`${basis} · 准确率随轮次的变化，实线：${HELD_OUT[heldOut]}，虚线：训练；训练数值在权重变化的过程中累计${some}`;
  },
  gapAlt: ({ rows, heldOut }) =>
    t`训练与${HELD_OUT[heldOut]}准确率随轮次的变化。训练最终：${joined(
      rows.map(({ who, value }) => t`${name(who)} ${percentOf(value.mean, who)}`),
      "，",
    )}。`,
};
