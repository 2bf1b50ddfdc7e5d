import { type Text, t } from "../../text.ts";
import type * as en from "../en/common.ts";
import type { Outcomes } from "../kinds.ts";
import { counted, named } from "./grammar.ts";

const STATUSES = { diverged: "发散", failed: "失败", skipped: "跳过", running: "运行中", planned: "未开始" };

export const outcomesText = ({ trials, counts }: Outcomes): Text =>
  counts.reduce((text, { n, status }, i) => (i === 0 ? t`${trials} 次试验中 ${n} 次${STATUSES[status]}` : t`${text}，${n} 次${STATUSES[status]}`), t``); // biome-ignore format: one line

export const seedsText = (n: number): Text => counted(n, "个随机种子");

export const common: typeof en.common = {
  configuration: "配置",
  seeds: "种子数",
  seed: "随机种子",
  trials: "试验",
  atChance: "随机水平",
  never: "未达到",
  statuses: { ...STATUSES, done: "完成" },
  splits: { train: "训练", validation: "验证", test: "测试" },
  all: "全部",
  basis: ({ data, seeds }) => {
    const [least, most] = [seeds[0] ?? 0, seeds.at(-1) ?? 0];
    const said = least === most ? seedsText(least) : t`${least} 至 ${most} 个随机种子`;
    return t`${{ text: data.join("、") }} · ${said}`;
  },
  best: ({ shown, rest }) => t`仅画出最好的 ${shown} 个，其余 ${rest} 个见数据文件`,
  outcomes: (outcomes) => outcomesText(outcomes),
  band: "色带：各种子的 95 % 置信区间",
  ofNames: ({ whos }) => named(whos, 9),
};
