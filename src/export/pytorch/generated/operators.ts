/** Each operation of which losses are made, as PyTorch says it. Gradients are PyTorch's own. */
import { type Expr, type Shape, scalarValue, sizeOf } from "../../../tensor/index.ts";
import { BINDS, type Code, call, infix, method, tuple, within } from "../python.ts";

/** What an operation may ask of the code around it. */
export interface Writing {
  /** Code of an operand. */
  code(x: Expr): Code;
  /** Whether nothing else uses the operand, so that it may be written as part of this operation. */
  isOwn(x: Expr): boolean;
  /** The size that stands for the number of examples. */
  examples: number;
  /** A function of the script's own that the code needs. */
  helper(name: HelperName): string;
}

type Operator = (y: Expr, w: Writing) => Code;

/** Functions that PyTorch lacks, or has with other gradients. */
export const HELPERS = {
  larger: `def larger(a, b):
    """The larger of two; where they are equal, the gradient goes to the first."""
    return torch.where(torch.as_tensor((a >= b) | (a != a)), a, b)`,
  smaller: `def smaller(a, b):
    """The smaller of two; where they are equal, the gradient goes to the first."""
    return torch.where(torch.as_tensor((a <= b) | (a != a)), a, b)`,
} as const;
export type HelperName = keyof typeof HELPERS;

const binary =
  (operator: string, binds: number): Operator =>
  ({ inputs: [a, b] }, { code }) =>
    infix(operator, binds, code(a), code(b));

/** A function of tensors; numbers are made such. */
const torch =
  (name: string): Operator =>
  ({ inputs: [x] }, { code }) =>
    call(name, scalarValue(x) === undefined ? code(x) : call("logits.new_tensor", code(x)));

/** Axes as one number where it is one; from the end where the last alone is meant. */
const dims = (axes: readonly number[]): string => (axes.length === 1 ? String(axes[0]) : tuple(axes));

const dropped = (shape: Shape, axes: readonly number[]): number[] => shape.filter((_, i) => !axes.includes(i));
const same = (a: Shape, b: Shape): boolean => String(a) === String(b);

/** Reductions keep their axes with one element; each as PyTorch writes it, and the axes that it reduces. */
const REDUCTIONS: Record<string, (x: Code, axes: readonly number[], keep: boolean) => Code> = {
  sum: (x, axes, keep) => method(x, "sum", dims(axes), ...(keep ? ["keepdim=True"] : [])),
  reduceMax: (x, _, keep) => method(x, "amax", "-1", ...(keep ? ["keepdim=True"] : [])),
  logSumExp: (x, _, keep) => method(x, "logsumexp", "-1", ...(keep ? ["keepdim=True"] : [])),
};
const reducedAxes = (y: Expr): number[] => y.attrs.axes ?? [y.inputs[0].shape.length - 1];

/** All of a tensor, where a sum takes all its axes. */
function reduction(y: Expr, keep: boolean, { code }: Writing): Code {
  const [x] = y.inputs;
  const axes = reducedAxes(y);
  if (!keep && y.op.name === "sum" && axes.length === x.shape.length) return method(code(x), "sum");
  return REDUCTIONS[y.op.name](code(x), axes, keep);
}

/** A reduction below a reshape that only drops its axes. */
function droppedReduction(y: Expr, w: Writing): Expr | undefined {
  const [x] = y.inputs;
  const drops = x.op.name in REDUCTIONS && w.isOwn(x) && same(y.shape, dropped(x.shape, reducedAxes(x)));
  return drops ? x : undefined;
}

/** A sum times one over the number of its terms. */
function meanOf(y: Expr, w: Writing): Code | undefined {
  const [x, factor] = y.inputs;
  const times = scalarValue(factor);
  if (times === undefined || !w.isOwn(x)) return undefined;
  const flat = x.op.name === "reshape" ? droppedReduction(x, w) : undefined;
  const sum = flat ?? x;
  if (sum.op.name !== "sum") return undefined;
  const terms = sizeOf(sum.inputs[0].shape) / sizeOf(sum.shape);
  if (times !== 1 / terms) return undefined;
  return method(w.code(sum.inputs[0]), "mean", dims(reducedAxes(sum)), ...(flat ? [] : ["keepdim=True"]));
}

function multiplied(y: Expr, w: Writing): Code {
  const [a, b] = y.inputs;
  if (a === b) return { text: `${within(w.code(a), BINDS.power)} ** 2`, binds: BINDS.power };
  return meanOf(y, w) ?? infix("*", BINDS.product, w.code(a), w.code(b));
}

/** The larger of two, or the smaller: a bound where one is a number. */
const extreme =
  (name: "larger" | "smaller"): Operator =>
  ({ inputs: [a, b] }, w) => {
    const [number, other] = scalarValue(a) === undefined ? [b, a] : [a, b];
    if (scalarValue(number) === undefined) return call(w.helper(name), w.code(a), w.code(b));
    if (scalarValue(other) !== undefined) return call(name === "larger" ? "max" : "min", w.code(a), w.code(b));
    return method(w.code(other), "clamp", `${name === "larger" ? "min" : "max"}=${w.code(number).text}`);
  };

/** A size as code. */
const size = (n: number, { examples }: Writing): string => (n === examples ? "len(logits)" : String(n));

/** The sizes of a reshape: the number of examples follows from the rest. */
const sizes = (shape: Shape, { examples }: Writing): string[] => shape.map((n) => (n === examples ? "-1" : String(n)));

const toFloat: Operator = ({ inputs: [x] }, { code }) => method(code(x), "to", "logits.dtype");

export const OPERATORS: Record<string, Operator> = {
  add: binary("+", BINDS.sum),
  sub: binary("-", BINDS.sum),
  mul: multiplied,
  div: binary("/", BINDS.product),
  neg: ({ inputs: [x] }, { code }) => ({ text: `-${within(code(x), BINDS.minus)}`, binds: BINDS.minus }),
  exp: torch("torch.exp"),
  log: torch("torch.log"),
  expm1: torch("torch.expm1"),
  log1p: torch("torch.log1p"),
  sqrt: torch("torch.sqrt"),
  abs: torch("torch.abs"),
  sign: torch("torch.sign"),
  tanh: torch("torch.tanh"),
  sigmoid: torch("torch.sigmoid"),
  softplus: torch("F.softplus"),
  erf: torch("torch.erf"),
  relu: torch("torch.relu"),
  elu: torch("F.elu"),
  stopGradient: ({ inputs: [x] }, { code }) => method(code(x), "detach"),
  pow: ({ inputs: [x, exponent] }, { code }) => ({
    text: `${within(code(x), BINDS.atom)} ** ${within(code(exponent), BINDS.atom)}`,
    binds: BINDS.power,
  }),
  greater: binary(">", BINDS.comparison),
  greaterOrEqual: binary(">=", BINDS.comparison),
  equal: binary("==", BINDS.comparison),
  where: ({ inputs: [c, a, b] }, { code }) => call("torch.where", code(c), code(a), code(b)),
  "cast to float32": toFloat,
  "cast to int64": ({ inputs: [x] }, { code }) => method(code(x), "long"),
  maximum: extreme("larger"),
  minimum: extreme("smaller"),
  sum: (y, w) => reduction(y, true, w),
  reduceMax: (y, w) => reduction(y, true, w),
  logSumExp: (y, w) => reduction(y, true, w),
  logSoftmax: ({ inputs: [x] }, { code }) => method(code(x), "log_softmax", "-1"),
  argMax: ({ inputs: [x] }, { code }) => method(code(x), "argmax", "-1"),
  oneHot: ({ inputs: [x], attrs }, { code }) =>
    method(call("F.one_hot", code(x), String(attrs.depth)), "to", "logits.dtype"),
  expand: (y, w) => method(w.code(y.inputs[0]), "expand", ...y.shape.map((n) => size(n, w))),
  reshape: (y, w) => {
    const reduced = droppedReduction(y, w);
    if (reduced) return reduction(reduced, false, w);
    const shape = sizes(y.shape, w);
    return method(w.code(y.inputs[0]), "reshape", ...(shape.length > 0 ? shape : ["()"]));
  },
};
