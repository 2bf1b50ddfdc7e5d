/** What floating-point arithmetic makes of a loss far from 0. */
import { emit } from "../onnx/emit.ts";
import type { Backend } from "../run/backend.ts";
import { constant, div, type Expr, evaluate, grad, input, sum } from "../tensor/index.ts";
import { naive } from "../tensor/naive.ts";
import { UserError } from "../util/errors.ts";
import { choose } from "../zoo/entry.ts";
import { zoo } from "../zoo/index.ts";
import { termsOf } from "../zoo/losses/loss.ts";
import type { Losses, SpecInput } from "./plain.ts";

/** A loss of one example and its gradient. */
export interface ValueAndGradient {
  value: number;
  /** For the logits, [C]. */
  gradient: number[];
}

/** A loss where the target's logit lies that far from the others, which are 0. */
export interface StabilityPoint {
  logit: number;
  /** In float64. */
  exact: ValueAndGradient;
  /** In float32, as training computes it. */
  careful: ValueAndGradient;
  /** In float32, with exp and log as one writes them down at first. */
  naive: ValueAndGradient;
}

/** ±1, ±10 … ±10⁴. */
export const LOGITS: readonly number[] = [-1e4, -1e3, -1e2, -1e1, -1, 1, 1e1, 1e2, 1e3, 1e4];

/** Losses and gradients below this make no difference to a training; their errors are measured against it. */
const NEGLIGIBLE = 1e-6;

/**
 * Distance of a float32 result to the exact one, in units of the latter's largest number, or of 10⁻⁶ where that is smaller: up to 6·10⁻⁸
 * for a correctly rounded result. Infinite for a result that is not finite.
 */
export function relativeError(found: readonly number[], exact: readonly number[]): number {
  if (!found.every(Number.isFinite)) return Number.POSITIVE_INFINITY;
  const size = Math.max(NEGLIGIBLE, ...exact.map(Math.abs));
  return Math.max(...found.map((v, i) => Math.abs(v - exact[i]))) / size;
}

function graph(spec: SpecInput, classes: number, losses: Losses): { value: Expr; logits: Expr } {
  const { entry, params } = choose("loss", losses, spec);
  const logits = input("logits", [1, classes]);
  const target = constant(
    Array.from({ length: classes }, (_, k) => (k === 0 ? 1 : 0)),
    [1, classes],
  );
  const context = { classes, classCounts: new Array<number>(classes).fill(1), training: true };
  const { perExample, weights } = termsOf(entry.perExample(logits, target, params, context));
  return { value: weights ? div(sum(perExample), sum(weights)) : sum(perExample), logits };
}

/**
 * A loss and its gradient on one example with logits (m, 0, …, 0) and the first class as its target, for each m.
 * @throws UserError when the spec makes no sense
 */
export async function lossStability(
  spec: SpecInput,
  backend: Backend,
  {
    classes = 10,
    logits = LOGITS,
    losses = zoo.losses,
  }: { classes?: number; logits?: readonly number[]; losses?: Losses } = {},
): Promise<StabilityPoint[]> {
  if (!Number.isInteger(classes) || classes < 2)
    throw new UserError(`classes must be a whole number >= 2, got ${classes}`);
  const { value, logits: z } = graph(spec, classes, losses);
  const [plain] = naive([value]);
  const of = (v: Expr) => ({ value: v, gradient: grad(v, [z])[0] });
  const at = (m: number): Float32Array => Float32Array.from({ length: classes }, (_, k) => (k === 0 ? m : 0));
  const inFloat32 = async (v: Expr): Promise<ValueAndGradient[]> => {
    const session = await backend.session(emit(of(v)).bytes, "seldom");
    try {
      const found: ValueAndGradient[] = [];
      for (const m of logits) {
        const out = await session.run({ logits: backend.tensor("float32", at(m), [1, classes]) });
        const numbers = (name: string): number[] => Array.from(out[name].data as Float32Array);
        found.push({ value: numbers("value")[0], gradient: numbers("gradient") });
      }
      return found;
    } finally {
      await session.release();
    }
  };
  const [careful, spelled] = [await inFloat32(value), await inFloat32(plain)];
  const exact = of(value);
  return logits.map((logit, i) => {
    const [v, gradient] = evaluate([exact.value, exact.gradient], { logits: at(logit) });
    return { logit, exact: { value: v[0], gradient: Array.from(gradient) }, careful: careful[i], naive: spelled[i] };
  });
}

/** The losses that need no parameters to be said. */
export const plainLosses = (losses: Losses = zoo.losses): string[] =>
  Object.keys(losses).filter((name) => {
    try {
      choose("loss", losses, name);
      return true;
    } catch {
      return false;
    }
  });
