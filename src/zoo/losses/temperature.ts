import { mul } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { bracketed, lawsOf, loss, lossWithin, termsWithin } from "./loss.ts";

/**
 * A loss of logits divided by a temperature.   L_T(z) = L(z / T)
 * Above 1 it softens the probabilities that the loss sees. Hinton et al., 2015, arXiv:1503.02531, eq. 1.
 */
export const temperature = loss({
  name: "temperature",
  title: "temperature",
  summary: "A loss of logits divided by a temperature: { temperature: { t: 2, loss: ce } }.",
  formula: "L(z / T)",
  reference: "Hinton et al., 2015, arXiv:1503.02531, eq. 1",
  primary: "t",
  params: {
    t: number("T: above 1 probabilities are softened", { default: 1, above: 0 }),
    loss: lossWithin("the loss of the divided logits"),
  },
  perExample: (logits, targets, { t, loss }, context) => termsWithin(loss, mul(logits, 1 / t), targets, context),
  laws: ({ loss }) => ({ ...lawsOf(loss), equals: [{ at: { t: 1, loss: "ce" }, loss: { ce: {} } }] }),
  label: ({ t, loss }, labelOf) => `${bracketed(labelOf(loss))} at T=${t}`,
});
