import { distanceOf, name, t } from "../../text.ts";
import type * as en from "../en/generalization.ts";

export const generalization: typeof en.generalization = {
  heading: "泛化",
  caption:
    "最后一轮，各种子的均值。准确率差距：训练准确率减测试准确率；损失差距：测试损失减训练损失；回升：测试损失高出其最低值的幅度。",
  columns: {
    trainAccuracy: "训练准确率，%",
    testAccuracy: "测试准确率，%",
    accuracyGap: "准确率差距，百分点",
    lossGap: "损失差距",
    rise: "测试损失回升，%",
    onset: "开始过拟合",
  },
  no: "未出现",
  onset: ({ epoch, seeds, of }) => `第 ${epoch} 轮之后${seeds < of ? `（${of} 个种子中的 ${seeds} 个）` : ""}`,
  bySeed: ({ values }) => `各种子：${values.map((v) => v ?? "无").join("，")}`,
  title: ({ who, gap, several }) =>
    t`训练准确率最终${gap >= 0 ? "高于" : "低于"}测试准确率${several ? "，差距最大" : ""}的是 ${name(who)}，相差 ${distanceOf(Math.abs(gap), who)} 个百分点`,
  subtitle: ({ basis }) => t`${basis} · 训练准确率减测试准确率（百分点）随轮次的变化`,
  alt: "训练与测试准确率之差随轮次的变化。",
  axis: "训练 − 测试准确率，百分点",
  terms:
    "训练数值在一轮之内、权重不断变化时累计，测试数值在一轮结束后测得：因此在训练初期或使用 dropout 时，测试集可能显得比训练集更容易。开始过拟合：若最后的测试损失比最低值高出 5 % 以上，则取损失最低的那一轮。",
};
