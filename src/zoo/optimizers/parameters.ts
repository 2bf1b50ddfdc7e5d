/** Parameters and terms that several optimizers share. */
import { add, type Expr, mul, type Operand } from "../../tensor/index.ts";
import { number } from "../entry.ts";

export const learningRate = (byDefault: number) => number("learning rate", { default: byDefault, above: 0 });
export const weightDecay = number("weight decay (L2), on all parameters", { default: 0, min: 0 });
export const epsilon = (byDefault: number) => number("ε: keeps the divisor from 0", { default: byDefault, above: 0 });
export const beta = (what: string, byDefault: number) => number(what, { default: byDefault, min: 0, below: 1 });

/** The decays of the two averages that Adam and its kin keep. */
export const decays = {
  beta1: beta("β₁: decay of the mean gradient", 0.9),
  beta2: beta("β₂: decay of the mean squared gradient", 0.999),
};

/** The gradient with the decay of the parameter added: g + λθ. */
export const decayed = (gradient: Expr, parameter: Expr, decay: Operand): Expr =>
  decay === 0 ? gradient : add(gradient, mul(parameter, decay));

/** Exponential moving average: β a + (1 - β) x. */
export const average = (a: Expr, x: Expr, b: number): Expr => add(mul(a, b), mul(x, 1 - b));
