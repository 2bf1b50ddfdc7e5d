import {
  add,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  relu,
  sigmoid,
  softplus,
  sub,
  sum,
} from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { loss } from "./loss.ts";

/**
 * Asymmetric focal loss of each class against the rest: targets and others are focused by exponents of their own, and others below a
 * probability m count for nothing.   L = -Σ_k t_k (1 - p_k)^γ₊ log p_k + (1 - t_k) q_k^γ₋ log(1 - q_k),
 * p = σ(z), q = max(0, p - m). Ridnik et al., 2021, arXiv:2009.14119, eq. 7.
 */
export const asymmetricFocal = loss({
  name: "asymmetricFocal",
  title: "asymmetric focal",
  summary: "Focal loss of each class against the rest, with exponents of their own for targets and others.",
  formula: "-\\sum_k t_k (1-p_k)^{\\gamma_+} \\log p_k + (1-t_k)\\, q_k^{\\gamma_-} \\log(1-q_k),\\; q = \\max(0, p-m)",
  reference: "Ridnik et al., 2021, arXiv:2009.14119, eq. 7",
  params: {
    gammaTarget: number("γ₊: how strongly easy targets are weighted down", { default: 0, min: 0 }),
    gammaOthers: number("γ₋: how strongly easy others are weighted down", { default: 4, min: 0 }),
    margin: number("m: the probability below which others count for nothing", { default: 0.05, min: 0, below: 1 }),
  },
  perExample(logits, targets, { gammaTarget, gammaOthers, margin }) {
    const [missP, missQ] = [softplus(neg(logits)), softplus(logits)]; // -log p, -log(1 - p)
    const ofTarget = gammaTarget === 0 ? missP : mul(exp(mul(missQ, -gammaTarget)), missP);
    // Without a margin everything is a function of z; with one, 1 - q stays above it and its logarithm finite.
    const shifted = maximum(relu(sub(sigmoid(logits), margin)), 1e-20);
    const weight = margin === 0 ? exp(mul(missP, -gammaOthers)) : pow(shifted, gammaOthers);
    const missed = margin === 0 ? missQ : neg(log(minimum(add(sigmoid(neg(logits)), margin), 1)));
    return sum(add(mul(targets, ofTarget), mul(sub(1, targets), mul(weight, missed))), [-1]);
  },
  laws: {
    nonNegative: true,
    distributions: true,
    equals: [{ at: { gammaOthers: 0, margin: 0 }, loss: { binaryCe: {} } }],
  },
});
