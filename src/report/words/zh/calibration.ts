import { name, percentOf, type Text, t } from "../../text.ts";
import type * as en from "../en/calibration.ts";
import { commas, points } from "./grammar.ts";

type Calibrated = Parameters<typeof en.calibration.one>[0]["only"];
const say = ({ who, ece }: Calibrated): Text => t`${name(who)}（ECE ${percentOf(ece, who)}）`;
const side = ({ excess }: Calibrated): string => (excess > 0 ? "过于自信" : "自信不足");

export const calibration: typeof en.calibration = {
  heading: "校准",
  one: ({ only }) => t`${say(only)} ${side(only)}`,
  bestAndWorst: ({ best, worst }) =>
    t`置信度与准确率最一致的是 ${say(best)}，最不一致的是 ${say(worst)}，后者${side(worst)}`,
  subtitle: ({ basis }) =>
    points([basis, "最大概率落在各区间的样本的准确率，测试集，最后一轮，全部种子合计；虚线：完全校准"]),
  alt: ({ whos }) => t`${commas(whos.map(name))} 的可靠性图。`,
};
