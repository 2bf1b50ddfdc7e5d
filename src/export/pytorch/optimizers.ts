/** The zoo's optimizers as PyTorch's own or, where it has none that does the same, as a class. */
import { UserError } from "../../util/errors.ts";
import type { Chosen } from "../../zoo/entry.ts";
import type * as optimizers from "../../zoo/optimizers/index.ts";
import type { Optimizer } from "../../zoo/optimizers/optimizer.ts";
import { num } from "./python.ts";

export interface OptimizerCode {
  /** The optimizer of `network.parameters()`. */
  made: string;
  /** The class, if it is the script's own. */
  definition?: string;
}

type Option = readonly [name: string, value: number | boolean | readonly number[], byDefault?: number | boolean];

/** `torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)`; what is as PyTorch has it by default is left out. */
function made(name: string, ...options: readonly Option[]): string {
  const said = options
    .filter(([, value, byDefault]) => value !== byDefault)
    .map(([option, value]) => {
      if (typeof value === "boolean") return `${option}=${value ? "True" : "False"}`;
      return `${option}=${typeof value === "number" ? num(value) : `(${value.map(num).join(", ")})`}`;
    });
  return `${name}(${["network.parameters()", ...said].join(", ")})`;
}

interface Moments {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
}

const adamLike = (
  name: string,
  { learningRate, beta1, beta2, epsilon, weightDecay }: Moments,
  decayByDefault = 0,
  ...more: readonly Option[]
): string => {
  const own = beta1 !== 0.9 || beta2 !== 0.999;
  return made(
    name,
    ["lr", learningRate],
    ...(own ? ([["betas", [beta1, beta2]]] as const) : []),
    ["eps", epsilon, 1e-8],
    ["weight_decay", weightDecay, decayByDefault],
    ...more,
  );
};

const LION = `class Lion(torch.optim.Optimizer):
    """Chen et al., 2023, arXiv:2302.06675, algorithm 2."""

    def __init__(self, parameters, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2) = group["lr"], group["betas"]
            for p in group["params"]:
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                p.mul_(1 - lr * group["weight_decay"])
                p.sub_(lr * torch.sign(beta1 * mean + (1 - beta1) * p.grad))
                mean.mul_(beta2).add_(p.grad, alpha=1 - beta2)`;

/** PyTorch's own changed at 2.0: see the zoo's. */
const nadam = (product: string): string => `class NAdam(torch.optim.Optimizer):
    """Dozat, 2016, algorithm 2. (torch.optim.NAdam computes one thing before version 2.0 and another from then on.)"""

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, momentum_decay=0.004):
        super().__init__(parameters, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))
        self.momentum_decay = momentum_decay
        self.t = 0
        self.product = 1.0  # of the momentums so far

    @torch.no_grad()
    def step(self):
        self.t += 1
        for group in self.param_groups:
            lr, (beta1, beta2) = group["lr"], group["betas"]
            momentum = beta1 * (1 - 0.5 * 0.96 ** (self.t * self.momentum_decay))
            following = beta1 * (1 - 0.5 * 0.96 ** ((self.t + 1) * self.momentum_decay))
            self.product *= momentum
            for p in group["params"]:
                g = p.grad + group["weight_decay"] * p
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                square = self.state[p].setdefault("square", torch.zeros_like(p))
                mean.mul_(beta1).add_(g, alpha=1 - beta1)
                square.mul_(beta2).add_(g * g, alpha=1 - beta2)
                root = (square / (1 - beta2**self.t)).sqrt() + group["eps"]
                p.sub_(lr * (1 - momentum) / (1 - self.product) * g / root)
                p.sub_(lr * following / (1 - ${product}) * mean / root)`;

// biome-ignore lint/suspicious/noExplicitAny: each member's own parameters
type Writer = (params: any) => string | OptimizerCode;

const OPTIMIZERS = {
  adadelta: ({ learningRate, rho, epsilon, weightDecay }) =>
    made(
      "torch.optim.Adadelta",
      ["lr", learningRate],
      ["rho", rho, 0.9],
      ["eps", epsilon, 1e-6],
      ["weight_decay", weightDecay, 0],
    ),
  adagrad: ({ learningRate, learningRateDecay, initialSum, epsilon, weightDecay }) =>
    made(
      "torch.optim.Adagrad",
      ["lr", learningRate],
      ["lr_decay", learningRateDecay, 0],
      ["weight_decay", weightDecay, 0],
      ["initial_accumulator_value", initialSum, 0],
      ["eps", epsilon, 1e-10],
    ),
  adam: (params) => adamLike("torch.optim.Adam", params, 0, ["amsgrad", params.amsgrad, false]),
  adamax: (params) => adamLike("torch.optim.Adamax", params),
  adamw: (params) => adamLike("torch.optim.AdamW", params, 0.01, ["amsgrad", params.amsgrad, false]),
  lion: ({ learningRate, beta1, beta2, weightDecay }) => {
    const own = beta1 !== 0.9 || beta2 !== 0.99;
    const betas = own ? ([["betas", [beta1, beta2]]] as const) : [];
    return {
      made: made("Lion", ["lr", learningRate], ...betas, ["weight_decay", weightDecay, 0]),
      definition: LION,
    };
  },
  nadam: (params) => ({
    made: adamLike("NAdam", params, 0, ["momentum_decay", params.momentumDecay, 0.004]),
    definition: nadam(
      params.lookAhead === "published" ? "self.product * following" : "self.product * momentum * following",
    ),
  }),
  radam: (params) => adamLike("torch.optim.RAdam", params),
  rmsprop: ({ learningRate, alpha, epsilon, momentum, centered, weightDecay }) =>
    made(
      "torch.optim.RMSprop",
      ["lr", learningRate],
      ["alpha", alpha, 0.99],
      ["eps", epsilon, 1e-8],
      ["weight_decay", weightDecay, 0],
      ["momentum", momentum, 0],
      ["centered", centered, false],
    ),
  sgd: ({ learningRate, momentum, dampening, nesterov, weightDecay }) => {
    if (nesterov && momentum > 0 && dampening > 0) {
      throw new UserError("Nesterov's momentum with dampening is none of PyTorch's optimizers", "optimizer sgd");
    }
    return made(
      "torch.optim.SGD",
      ["lr", learningRate],
      ["momentum", momentum, 0],
      ["dampening", momentum > 0 ? dampening : 0, 0],
      ["weight_decay", weightDecay, 0],
      ["nesterov", nesterov && momentum > 0, false],
    );
  },
} satisfies Record<keyof typeof optimizers, Writer> as Record<string, Writer>;

/** @throws UserError for settings that PyTorch does not have */
export function optimizerCode({ entry, params }: Chosen<Optimizer>): OptimizerCode {
  const code = OPTIMIZERS[entry.name](params);
  return typeof code === "string" ? { made: code } : code;
}
