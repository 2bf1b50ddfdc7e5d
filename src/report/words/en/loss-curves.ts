/** What stands at the axes of loss curves: in reports, and in the explorer. */
export const lossCurves = {
  p: "probability of the target, p",
  margin: "margin over the other logits",
  value: "loss",
  gradient: "gradient for the target's logit",
  size: "size of the gradient for the target's logit",
  cut: ", axis cut off",
  log: ", log axis",
};
export type LossCurvesWords = typeof lossCurves;
