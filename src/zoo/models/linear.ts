import { model } from "./model.ts";

/** One dense layer on all values: with `ce`, multinomial logistic regression; with `hinge`, a linear support vector machine. */
export const linear = model({
  name: "linear",
  title: "linear",
  summary: "One dense layer: with ce, multinomial logistic regression.",
  params: {},
  layers: (_, classes) => ["flatten", { dense: classes }],
});
