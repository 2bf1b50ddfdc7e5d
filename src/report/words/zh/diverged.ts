import { t } from "../../text.ts";
import type * as en from "../en/diverged.ts";

const WHERE = { forward: "网络", loss: "损失", gradient: "梯度" };

export const diverged: typeof en.diverged = {
  headings: { diverged: "发散的试验", any: "没有结果的试验" },
  summary: ({ lost, trials }) =>
    t`${trials} 次试验中有 ${lost} 次没有得到最终数值。它们在上文中计为未完成，不进入任何均值。`,
  caption: "未完成的试验。",
  columns: {
    outcome: "结局",
    reason: "原因（原始记录）",
    origin: "最早出现的非有限数",
    lastLoss: "最后的有限测试损失",
  },
  notRecorded: "未记录",
  ofUpdate: ({ layer, step, value }) => `第 ${step} 步之前对 ${layer} 的更新产生了 ${value}`,
  ofOperation: (f) =>
    `${WHERE[f.part]}中${f.layer ? `（${f.layer} 之后）` : ""}的 ${f.operation} ${f.inputs.length > 0 ? `由 ${f.inputs.join(" 和 ")} ` : ""}产生了 ${f.value}`,
  lastLoss: ({ loss, epoch }) => `${loss}（第 ${epoch} 轮）`,
};
