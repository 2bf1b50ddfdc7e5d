import { name, pointsOf, type Text, t } from "../../text.ts";
import type * as en from "../en/robustness.ts";
import { named } from "./grammar.ts";

type Lost = Parameters<typeof en.robustness.loses>[0]["least"];
const say = ({ who, change }: Lost): Text => t`${name(who)}（${pointsOf(change, who)} 个百分点）`;
const quoted = (text: string) => ({ text });

export const robustness: typeof en.robustness = {
  heading: "鲁棒性",
  corruptions: {
    blur: "模糊",
    brightness: "亮度",
    contrast: "对比度",
    elastic: "弹性形变",
    gaussianNoise: "高斯噪声",
    occlusion: "遮挡",
    pixelate: "像素化",
    rotation: "旋转",
    saltAndPepper: "椒盐噪声",
    translation: "平移",
    uniformNoise: "均匀噪声",
  },
  noise: "输入噪声",
  onOwnLoss: ({ attack }) => `${attack}（针对自身损失）`,
  units: { severity: "强度", σ: "σ", ε: "ε" },
  clean: "无干扰",
  methods: ({ examples }) =>
    t`使用最终权重在 ${examples} 个测试样本上测得；所有试验所用样本与干扰均相同，训练中从未使用受干扰的样本。`,
  corruptionCaption: ({ references }) =>
    t`图像受损时的结果。平均受损误差：各强度误差之和，以 ${named(references)} 的误差为单位，再对各种受损方式取平均；相对值：受损使误差增加的部分，单位相同（Hendrycks 与 Dietterich，2019）。`,
  columns: {
    clean: "无干扰准确率，%",
    corrupted: "受损时平均准确率，%",
    error: "平均受损误差",
    relative: "相对值",
    loss: "损失",
  },
  at: ({ what, unit, strength }) => `${what}，${unit} ${strength}`,
  accuracyUnder: ({ what }) => `${what}：准确率`,
  changeCaption:
    "与无干扰的相同样本相比的变化：准确率以百分点计，损失为该配置自身的损失，单位亦为其自身单位。噪声加在网络输入上；ε 以取值 0 至 1 的图像计。",
  hardest: ({ hardest, easiest }) => t`平均而言，${quoted(hardest)}使准确率下降最多，${quoted(easiest)}最少`,
  underOne: ({ corruption }) => t`${quoted(corruption)}下的准确率`,
  corruptionSubtitle: ({ basis }) => t`${basis} · 各种受损方式下的测试准确率，对各强度取平均；颜色越深，错误越多`,
  corruptionAlt: ({ configurations, n }) =>
    t`${configurations} 个配置在 ${n} 种受损方式下的测试准确率；各强度的数值见数据文件。`,
  corruption: "受损方式",
  noneExamined: "尚无试验接受检验",
  loses: ({ least, most }) =>
    most
      ? t`在最大强度下，平均准确率损失最少的是 ${say(least)}，最多的是 ${say(most)}`
      : t`在最大强度下，平均准确率的变化：${say(least)}`,
  strengthSubtitle: ({ basis }) => t`${basis} · 测试准确率随干扰强度的变化；色带：各种子的 95 % 置信区间`,
  strengthAlt: ({ whos, n }) => t`${named(whos)} 在 ${n} 种干扰下的测试准确率；数值见各表。`,
};
