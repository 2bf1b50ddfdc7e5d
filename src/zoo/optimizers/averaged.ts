import { add, mul, sub } from "../../tensor/index.ts";
import type { Chosen } from "../entry.ts";
import type { Optimizer } from "./optimizer.ts";

/**
 * An optimizer that keeps an exponential moving average of the weights besides, by which the network is then evaluated.
 * a = d_t a + (1 - d_t) θ,   d_t = min(β, 1 - 1/t): at first the plain mean of all weights so far.
 * Polyak and Juditsky, 1992; with this beginning in the code of Tarvainen and Valpola, 2017, arXiv:1703.01780.
 * @param decay β; 0 leaves the optimizer as it is
 */
export function averaged({ entry: inner, params, spec }: Chosen<Optimizer>, decay: number): Chosen<Optimizer> {
  if (decay === 0) return { entry: inner, params, spec };
  const entry: Optimizer = {
    ...inner,
    slots: (params) => [...inner.slots(params), "average"],
    evaluated: "average",
    factors: (params, learningRate, t) => ({
      ...inner.factors(params, learningRate, t),
      averageDecay: Math.min(decay, 1 - 1 / t),
    }),
    update(state, gradient, params, factors) {
      const { parameter, slots } = inner.update(state, gradient, params, factors);
      const kept = mul(state.slots.average, factors.averageDecay);
      const average = add(kept, mul(parameter, sub(1, factors.averageDecay)));
      return { parameter, slots: { ...slots, average } };
    },
  };
  return { entry, params: { ...params, ema: decay }, spec };
}
