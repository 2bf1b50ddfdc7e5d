/**
 * The zoo's losses as people write them in PyTorch: its own functions where they are equal, else the formula. Written apart from the
 * zoo's, so that a script is also a check of them.
 */
import type { Chosen } from "../../zoo/entry.ts";
import type * as losses from "../../zoo/losses/index.ts";
import type { Loss } from "../../zoo/losses/loss.ts";
import { formulaLoss } from "./formula-loss.ts";
import { list, num } from "./python.ts";

/** The body of a function of `logits` [N, C] and `labels` [N] that gives the loss of each example. */
export interface LossBody {
  /** Statements before, line by line. */
  before?: readonly string[];
  /** [N] */
  loss: string;
  /** [N], the weights by whose sum the losses' sum is divided; where there are none, by N. */
  weights?: string;
}

export interface LossPlace {
  classes: number;
  training: boolean;
  /** The function of a loss within, and whether it gives weights. */
  inner(chosen: Chosen<Loss>): { name: string; weighted: boolean };
}

// biome-ignore lint/suspicious/noExplicitAny: each member's own parameters
type Writer = (params: any, place: LossPlace) => LossBody;

const CE = 'F.cross_entropy(logits, labels, reduction="none")';
const ce = `ce = ${CE}`;
const missing = "missing = -torch.expm1(-ce)  # 1 - p of the label";
const logP = "log_p = F.log_softmax(logits, 1)";
const p = "p = logits.softmax(1)";
const ofLabel = (x: string): string => `${x}.gather(1, labels[:, None]).squeeze(1)`;
const oneHot = "targets = F.one_hot(labels, CLASSES).to(logits)";
const counts = "counts = logits.new_tensor(CLASS_COUNTS).clamp(min=1)";
const scoresOf = (on: string): string => (on === "logits" ? "logits" : "logits.softmax(1)");

/** Weights of the classes as a row, `weight`. */
const inverseFrequency = [
  "counts = logits.new_tensor(CLASS_COUNTS)",
  "weight = counts.sum() / (CLASSES * counts.clamp(min=1)) * (counts > 0)",
];
const inverseBatch = [
  "counts = torch.bincount(labels, minlength=CLASSES).to(logits)",
  "weight = (counts > 0) / counts.clamp(min=1)",
];

const distance =
  (function_: string): Writer =>
  ({ on, classes }) => ({
    before: [oneHot],
    loss: `${function_}(${scoresOf(on)}, targets, reduction="none").${classes}(1)`,
  });

/** (1 - p)^γ: a power below 1 has no slope at 0 that could be used. */
const focus = (base: string, gamma: number): string =>
  gamma > 0 && gamma < 1 ? `${base}.clamp(min=1e-30) ** ${num(gamma)}` : `${base} ** ${num(gamma)}`;

const focal: Writer = ({ gamma, alpha, alphaPosition, labelSmoothing, smoothingPosition }, { training }) => {
  const row =
    alpha === "inverse-frequency"
      ? inverseFrequency
      : alpha === "inverse-batch"
        ? training
          ? inverseBatch
          : []
        : Array.isArray(alpha)
          ? [`weight = logits.new_tensor(${list(alpha)})`]
          : [];
  const factor = typeof alpha === "number" ? `${num(alpha)} * ` : row.length > 0 ? "weight[labels] * " : "";
  if (labelSmoothing > 0 && smoothingPosition === "after") {
    const each = typeof alpha === "number" ? factor : row.length > 0 ? "weight * " : "";
    return {
      before: [
        logP,
        ...row,
        `targets = F.one_hot(labels, CLASSES) * (1 - ${num(labelSmoothing)}) + ${num(labelSmoothing)} / CLASSES`,
      ],
      loss: `-(targets * ${each}${focus("(-torch.expm1(log_p))", gamma)} * log_p).sum(1)`,
    };
  }
  const smooth = labelSmoothing > 0 ? `, label_smoothing=${num(labelSmoothing)}` : "";
  const crossEntropy = `F.cross_entropy(logits, labels${smooth}, reduction="none")`;
  if (labelSmoothing > 0 || (factor !== "" && alphaPosition === "inside")) {
    return {
      before: [...row, `ce = ${factor}${crossEntropy}`, "missing = -torch.expm1(-ce)"],
      loss: `${focus("missing", gamma)} * ce`,
    };
  }
  if (gamma === 0) return { before: row, loss: `${factor}${crossEntropy}` };
  return { before: [...row, ce, missing], loss: `${factor}${focus("missing", gamma)} * ce` };
};

const crossEntropy: Writer = ({ labelSmoothing, weights }) => {
  const smooth = labelSmoothing > 0 ? `, label_smoothing=${num(labelSmoothing)}` : "";
  if (weights === "none") return { loss: `F.cross_entropy(logits, labels${smooth}, reduction="none")` };
  const row = weights === "inverse-frequency" ? inverseFrequency : [`weight = logits.new_tensor(${list(weights)})`];
  return {
    before: row,
    loss: `F.cross_entropy(logits, labels, weight=weight${smooth}, reduction="none")`,
    weights: "weight[labels]",
  };
};

const generalized = (q: number): LossBody =>
  q === 0 ? { loss: CE } : { before: [ce], loss: `-torch.expm1(-${num(q)} * ce) / ${num(q)}` };

const biTempered: Writer = ({ t1, t2 }) => {
  const s = num(1 - t1);
  const before =
    t2 === 1
      ? [p]
      : [
          `def exp_t(x):`,
          `    return (1 + ${num(1 - t2)} * x) ** (1 / ${num(1 - t2)})`,
          "",
          "# The normalization, Σ exp_t(z - shift) = 1: Newton's method, of which the last step alone is differentiated.",
          "shift = logits.detach().max(1, keepdim=True).values",
          "with torch.no_grad():",
          "    for _ in range(20):",
          "        p = exp_t(logits - shift)",
          `        shift = shift + (p.sum(1, keepdim=True) - 1) / (p ** ${num(t2)}).sum(1, keepdim=True)`,
          "p = exp_t(logits - shift)",
          `shift = shift + (p.sum(1, keepdim=True) - 1) / (p ** ${num(t2)}).sum(1, keepdim=True).detach()`,
          "p = exp_t(logits - shift)",
        ];
  const own = t1 === 1 ? "torch.log(own)" : `(own ** ${s} - 1) / ${s}`;
  return {
    before: [...before, `own = ${ofLabel("p")}`],
    loss: `-${t1 === 1 ? own : `(${own})`} - (1 - (p ** ${num(2 - t1)}).sum(1)) / ${num(2 - t1)}`,
  };
};

export const LOSSES = {
  asymmetricFocal: ({ gammaTarget, gammaOthers, margin }) => {
    const others =
      margin === 0
        ? `torch.sigmoid(logits) ** ${num(gammaOthers)} * F.logsigmoid(-logits)`
        : `q ** ${num(gammaOthers)} * torch.log1p(-q)`;
    return {
      before: [
        oneHot,
        ...(margin === 0 ? [] : [`q = (torch.sigmoid(logits) - ${num(margin)}).clamp(min=1e-20)`]),
        `of_target = torch.sigmoid(-logits) ** ${num(gammaTarget)} * F.logsigmoid(logits)`,
        `of_others = ${others}`,
      ],
      loss: "-(targets * of_target + (1 - targets) * of_others).sum(1)",
    };
  },
  balancedSoftmax: () => ({
    before: [counts],
    loss: 'F.cross_entropy(logits + counts.log(), labels, reduction="none")',
  }),
  biTempered,
  binaryCe: ({ classes }) => ({
    before: [oneHot],
    loss: `F.binary_cross_entropy_with_logits(logits, targets, reduction="none").${classes}(1)`,
  }),
  bootstrappedCe: ({ beta, kind }) => ({
    before: [
      logP,
      `own = ${kind === "soft" ? "(log_p.exp() * log_p).sum(1)" : "log_p.max(1).values"}  # by the network's own opinion`,
    ],
    loss: `${num(beta)} * ${CE} - ${num(1 - beta)} * own`,
  }),
  brier: () => ({ before: [oneHot], loss: "((logits.softmax(1) - targets) ** 2).sum(1)" }),
  ce: crossEntropy,
  classBalanced: ({ beta, loss, divideBy }, { inner }) => {
    const { name, weighted } = inner(loss);
    const effective =
      beta === 0
        ? "(counts > 0).to(logits)"
        : `(1 - ${num(beta)}) / (1 - ${num(beta)} ** counts.clamp(min=1)) * (counts > 0)`;
    const own = "weight[labels]";
    return {
      before: [
        "counts = logits.new_tensor(CLASS_COUNTS, dtype=torch.float64)",
        `weight = ${effective}`,
        "weight = (weight * CLASSES / weight.sum()).to(logits)",
        ...(weighted ? [`each, inner_weights = ${name}(logits, labels)`] : []),
      ],
      loss: weighted ? `${own} * each` : `${own} * ${name}(logits, labels)`,
      ...(divideBy === "weights"
        ? { weights: weighted ? `${own} * inner_weights` : own }
        : weighted && { weights: "inner_weights" }),
    };
  },
  confidencePenalty: ({ beta, loss }, { inner }) => {
    const { name, weighted } = inner(loss);
    return {
      before: [
        logP,
        "entropy = -(log_p.exp() * log_p).sum(1)",
        ...(weighted ? [`each, weights = ${name}(logits, labels)`] : []),
      ],
      loss: weighted ? `each - ${num(beta)} * entropy * weights` : `${name}(logits, labels) - ${num(beta)} * entropy`,
      ...(weighted && { weights: "weights" }),
    };
  },
  crammerSinger: ({ delta, on }) => ({
    before: [
      `scores = ${scoresOf(on)}`,
      "own = scores.gather(1, labels[:, None])",
      "strongest = scores.scatter(1, labels[:, None], -math.inf).max(1).values",
    ],
    loss: `F.relu(${num(delta)} - own.squeeze(1) + strongest)`,
  }),
  dualFocal: ({ gamma }) => ({
    before: [
      ce,
      missing,
      "below = logits < logits.gather(1, labels[:, None])",
      "following = (logits.softmax(1) * below).max(1).values  # the next probability below the label's",
    ],
    loss: `(missing + following).clamp(min=1e-20) ** ${num(gamma)} * ce`,
  }),
  focal,
  formula: formulaLoss,
  generalizedCe: ({ q }) => generalized(q),
  hinge: ({ delta, on, squared, classes }) => ({
    before: [`scores = ${scoresOf(on)}`],
    loss: `${classes === "sum" ? "CLASSES * " : ""}F.multi_margin_loss(scores, labels, p=${squared ? 2 : 1}, margin=${num(delta)}, reduction="none")`,
  }),
  jensenShannon: ({ weight, scaled }) => {
    const [w, rest] = [num(weight), num(1 - weight)];
    const divided = scaled ? ` / (-${rest} * math.log(${rest}))` : "";
    return {
      before: [
        ce,
        "p = torch.exp(-ce)",
        `mixture = ${w} + ${rest} * p  # of the label; elsewhere it is ${rest} times the probability`,
        `of_target = -torch.log(mixture)`,
        `of_softmax = p * (-ce - torch.log(mixture)) + torch.expm1(-ce) * math.log(${rest})`,
      ],
      loss: `(${w} * of_target + ${rest} * of_softmax)${divided}`,
    };
  },
  kl: ({ labelSmoothing, smoothing, classes }, { classes: n }) => {
    const shared = smoothing === "uniform" ? labelSmoothing / n : labelSmoothing / (n - 1);
    const kept = smoothing === "uniform" ? 1 - labelSmoothing : 1 - labelSmoothing - shared;
    return {
      before: [oneHot, ...(labelSmoothing > 0 ? [`targets = ${num(kept)} * targets + ${num(shared)}`] : [])],
      loss: `F.kl_div(F.log_softmax(logits, 1), targets, reduction="none").${classes}(1)`,
    };
  },
  ldam: ({ maxMargin, scale }) => ({
    before: [
      counts,
      `margins = ${num(maxMargin)} * counts**-0.25 / (counts**-0.25).max()`,
      "behind = logits - F.one_hot(labels, CLASSES) * margins",
    ],
    loss: `F.cross_entropy(${num(scale)} * behind, labels, reduction="none")`,
  }),
  logitAdjusted: ({ tau, prior }) => ({
    before: [
      prior === "training-split" ? counts : `counts = logits.new_tensor(${list(prior)})`,
      "prior = counts / counts.sum()",
    ],
    loss: `F.cross_entropy(logits + ${num(tau)} * prior.log(), labels, reduction="none")`,
  }),
  mae: distance("F.l1_loss"),
  marginSoftmax: ({ margin, scale, on }) => {
    const pushed =
      on === "cosine"
        ? [`pushed = own - ${num(margin)}`]
        : [
            "sine = cosines.masked_fill(targets > 0, 0.0).norm(dim=1, keepdim=True)",
            `turned = math.cos(${num(margin)}) * own - math.sin(${num(margin)}) * sine  # the cosine of the angle plus the margin`,
            `beyond = own - ${num(margin)} * math.sin(${num(margin)})`,
            `pushed = torch.where(own > -math.cos(${num(margin)}), turned, beyond)`,
          ];
    return {
      before: [oneHot, "cosines = F.normalize(logits, dim=1)", "own = cosines.gather(1, labels[:, None])", ...pushed],
      loss: `F.cross_entropy(${num(scale)} * (cosines + targets * (pushed - own)), labels, reduction="none")`,
    };
  },
  mse: distance("F.mse_loss"),
  normalizedCe: () => ({ before: [logP], loss: `${ofLabel("log_p")} / log_p.sum(1)` }),
  phuberCe: ({ tau }) => ({
    before: [ce, "p = torch.exp(-ce)"],
    loss: `torch.where(p > 1 / ${num(tau)}, ce, 1 + math.log(${num(tau)}) - ${num(tau)} * p)`,
  }),
  poly1: ({ epsilon }) => ({ before: [ce, missing], loss: `ce + ${num(epsilon)} * missing` }),
  reverseCe: ({ logZero }) => ({ before: [ce, missing], loss: `${num(-logZero)} * missing` }),
  sum: ({ terms }, { inner }) => {
    const parts = (terms as { weight: number; loss: Chosen<Loss> }[]).map(({ weight, loss }, i) => ({
      factor: weight === 1 ? "" : `${num(weight)} * `,
      weight,
      ...inner(loss),
      each: `loss${i + 1}`,
      own: `weights${i + 1}`,
    }));
    if (parts.every(({ weighted }) => !weighted)) {
      return { loss: parts.map(({ factor, name }) => `${factor}${name}(logits, labels)`).join(" + ") };
    }
    const total = parts.reduce((sum, { weight }) => sum + weight, 0);
    return {
      before: parts.map(({ name, each, own, weighted }) =>
        weighted
          ? `${each}, ${own} = ${name}(logits, labels)`
          : `${each}, ${own} = ${name}(logits, labels), torch.ones_like(labels)`,
      ),
      loss: parts.map(({ factor, each }) => `${factor}${each}`).join(" + "),
      weights: `(${parts.map(({ factor, own }) => `${factor}${own}`).join(" + ")}) / ${num(total)}`,
    };
  },
  symmetricCe: ({ alpha, beta, logZero }) => ({
    before: [ce, missing],
    loss: `${num(alpha)} * ce + ${num(beta)} * ${num(-logZero)} * missing`,
  }),
  taylorCe: ({ order }) => ({
    before: [ce, missing],
    loss: order === 1 ? "missing" : `sum(missing**n / n for n in range(1, ${order + 1}))`,
  }),
  temperature: ({ t, loss }, { inner }) => {
    const { name, weighted } = inner(loss);
    return weighted
      ? { before: [`each, weights = ${name}(logits / ${num(t)}, labels)`], loss: "each", weights: "weights" }
      : { loss: `${name}(logits / ${num(t)}, labels)` };
  },
  tsallisCe: ({ index }) => generalized(Number((index - 1).toPrecision(12))),
} satisfies Partial<Record<keyof typeof losses, Writer>> as Partial<Record<string, Writer>>;
