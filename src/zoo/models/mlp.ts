import { z } from "zod";
import { number } from "../entry.ts";
import { model } from "./model.ts";

/** Multilayer perceptron: dense layers with the study's activation between them, no activation after the last. */
export const mlp = model({
  name: "mlp",
  title: "MLP",
  summary: "Multilayer perceptron.",
  primary: "hidden",
  params: {
    hidden: z.array(z.number().int().min(1)).default([28]).describe("units of the hidden layers"),
    dropout: number("probability of dropping a hidden unit in training", { default: 0, min: 0, below: 1 }),
  },
  layers: (_, classes, { hidden, dropout }) => [
    "flatten",
    ...hidden.flatMap((units) => [{ dense: units }, "activation", ...(dropout > 0 ? [{ dropout }] : [])]),
    { dense: classes },
  ],
});
