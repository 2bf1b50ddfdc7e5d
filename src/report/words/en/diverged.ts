import { t } from "../../text.ts";
import { counted } from "./grammar.ts";

const WHERE = { forward: "in the network", loss: "in the loss", gradient: "in the gradient" };

export const diverged = {
  headings: { diverged: "Diverged trials", any: "Trials without a result" },
  summary: ({ lost, trials }: { lost: number; trials: number }) =>
    t`${lost} of ${counted(trials, "trial")} gave no final figures. They count as lost above and enter no mean.`,
  caption: "Trials that did not finish.",
  columns: {
    outcome: "outcome",
    reason: "reason",
    origin: "first number that is none",
    lastLoss: "last finite test loss",
  },
  notRecorded: "not recorded",
  ofUpdate: ({ layer, step, value }: { layer: string; step: number; value: string }): string =>
    `the update of ${layer} before step ${step} made ${value}`,
  ofOperation: (f: {
    operation: string;
    part: keyof typeof WHERE;
    layer: string | null;
    value: string;
    inputs: readonly string[];
  }): string =>
    `${f.operation} ${WHERE[f.part]}${f.layer ? ` behind ${f.layer}` : ""} made ${f.value}${f.inputs.length > 0 ? ` of ${f.inputs.join(" and ")}` : ""}`,
  lastLoss: ({ loss, epoch }: { loss: string; epoch: number }): string => `${loss} (epoch ${epoch})`,
};
