import { name, numberOf, t } from "../../text.ts";
import type * as en from "../en/cost.ts";

export const cost: typeof en.cost = {
  heading: "开销",
  caption: "每次试验的训练时间，以及每轮之后的评估时间。",
  columns: { epoch: "每轮秒数", step: "每步毫秒数", relative: "相对最省者", total: "总训练时间（全部种子）" },
  steps: ({ value, steps }) => `${value}（${steps} 步）`,
  methods:
    "一起训练的试验共用一个计算图；一轮的秒数是整组用时除以组内试验数，因此适于组间比较，而不能说明同组试验之间的差别。",
  timeTitle: "每轮秒数",
  fromTo: (f) =>
    t`每轮用时：${name(f.first)} 为 ${numberOf(f.firstSeconds, 3, f.first)} 秒，${name(f.last)} 为 ${numberOf(f.lastSeconds, 3, f.last)} 秒`,
};
