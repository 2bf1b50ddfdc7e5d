/** A model as an `nn.Sequential` of PyTorch's modules, and where its tensors stand among theirs. */
import type { CohortData, Member } from "../../run/cohort.ts";
import { type Shape, sizeOf } from "../../tensor/index.ts";
import { UserError } from "../../util/errors.ts";
import type { Activation } from "../../zoo/activations/activation.ts";
import { type Chosen, choose } from "../../zoo/entry.ts";
import * as layers from "../../zoo/layers/index.ts";
import type { Layer } from "../../zoo/layers/layer.ts";
import { ACTIVATIONS } from "./activations.ts";
import { definition, indented, num, tuple } from "./python.ts";

/** Classes that a script defines itself. */
const CLASSES = {
  Residual: `class Residual(nn.Module):
    """y = F(x) + S(x)."""

    def __init__(self, layers, shortcut):
        super().__init__()
        self.layers = layers
        self.shortcut = shortcut

    def forward(self, x):
        return self.layers(x) + self.shortcut(x)`,
  Dropout: `class Dropout(nn.Module):
    """Drops values with the probability p in training, by losslab's random numbers in place of PyTorch's."""

    seed = 0  # of the step

    def __init__(self, p, place):
        super().__init__()
        self.p = p
        self.place = place  # in the network: layers must not draw the same numbers

    def forward(self, x):
        if not self.training:
            return x
        kept = uniform(Dropout.seed + 7919 * self.place, x.shape, x.device) >= self.p
        return x * kept / (1 - self.p)`,
} as const;

const UNIFORM = definition(
  "uniform(seed, shape, device)",
  "Numbers uniform in [0, 1): a hash of the seed and of each number's place, so that nothing depends on what was drawn before.",
  `h = (torch.arange(shape.numel(), device=device) * 0x61C88647 + seed) & 0x7FFFFFFF
for shift, factor in ((15, 0x2C1B3C6D), (12, 0x297A2D39), (15, 0x1B56C4E9)):
    h = ((h ^ (h >> shift)) * factor) & 0x7FFFFFFF
h = h ^ (h >> 15)
return ((h >> 7) * 2.0**-24).reshape(shape)`,
);

type Names = Readonly<Record<string, string>>;

/** Names of a layer's tensors that are PyTorch's own, and of those that are not. */
const SAME: Names = { weight: "weight", bias: "bias" };
const STATISTICS: Names = { ...SAME, mean: "running_mean", variance: "running_var" };

/** A module as code, on one line or several, and the names of its tensors for ours. */
interface Module {
  code: string;
  tensors: Names;
}

interface Place {
  input: Shape;
  /** Number of the layers before: what tells the random numbers of layers apart. */
  place: number;
  writing: Writing;
}

interface Writing {
  activation: Chosen<Activation>;
  /** Examples of the smallest mini-batch. */
  smallestBatch: number;
  defined: Set<keyof typeof CLASSES>;
}

// biome-ignore lint/suspicious/noExplicitAny: each member's own parameters
type Writer = (params: any, place: Place) => (string | Module)[];

const option = (name: string, value: number | boolean, byDefault: number | boolean): string =>
  value === byDefault ? "" : `, ${name}=${typeof value === "boolean" ? `${value ? "True" : "False"}` : num(value)}`;

const withTensors = (code: string, tensors: Names): Module[] => [{ code, tensors }];

const pooling = ({ kernel, stride, padding }: { kernel: number; stride: number; padding: number }): string =>
  `${kernel}${option("stride", stride || kernel, kernel)}${option("padding", padding, 0)}`;

/** Each layer as the modules that do the same. */
const LAYERS = {
  activation: (_, { writing: { activation } }) => [ACTIVATIONS[activation.entry.name](activation.params)],
  avgPool: (params) => [`nn.AvgPool2d(${pooling(params)}${option("count_include_pad", params.countPadding, true)})`],
  batchNorm: ({ epsilon, momentum }, { input, writing: { smallestBatch } }) => {
    if (smallestBatch * sizeOf(input.slice(1)) === 1) {
      throw new UserError(
        "batchNorm: the last mini-batch of an epoch has one example, of which PyTorch takes no variance",
        "batchSize",
        "train with another size of mini-batches",
      );
    }
    const kind = input.length === 1 ? "BatchNorm1d" : "BatchNorm2d";
    const code = `nn.${kind}(${input[0]}${option("eps", epsilon, 1e-5)}${option("momentum", momentum, 0.1)})`;
    return withTensors(code, STATISTICS);
  },
  conv2d: ({ filters, kernel, stride, padding, dilation, groups, bias }, { input }) => {
    const options = [
      option("stride", stride, 1),
      option("padding", padding, 0),
      option("dilation", dilation, 1),
      option("groups", groups, 1),
      option("bias", bias, true),
    ];
    return withTensors(`nn.Conv2d(${input[0]}, ${filters}, ${kernel}${options.join("")})`, SAME);
  },
  dense: ({ units, bias }, { input }) =>
    withTensors(`nn.Linear(${input[0]}, ${units}${option("bias", bias, true)})`, SAME),
  dropout: ({ p }, { place, writing: { defined } }) => {
    defined.add("Dropout");
    return [`Dropout(${num(p)}, place=${place})`];
  },
  flatten: () => ["nn.Flatten()"],
  globalAvgPool: () => ["nn.AdaptiveAvgPool2d(1)", "nn.Flatten()"],
  layerNorm: ({ epsilon }, { input }) =>
    withTensors(`nn.LayerNorm(${tuple(input)}${option("eps", epsilon, 1e-5)})`, SAME),
  logSoftmax: () => ["nn.LogSoftmax(dim=1)"],
  maxPool: (params) => [`nn.MaxPool2d(${pooling(params)})`],
  padChannels: ({ channels }, { input }) => [`nn.ConstantPad3d((0, 0, 0, 0, 0, ${channels - input[0]}), 0.0)`],
  residual: ({ layers, shortcut }, { input, place, writing }) => {
    writing.defined.add("Residual");
    const branch = sequential(layers, input, place, writing);
    const beside =
      shortcut.length > 0 ? sequential(shortcut, input, branch.end, writing) : { code: "nn.Identity()", tensors: {} };
    const under = (outer: string, names: Names, own: string): Names =>
      Object.fromEntries(Object.entries(names).map(([ours, name]) => [`${outer}${ours}`, `${own}.${name}`]));
    return [
      {
        code: `Residual(\n${indented(`${branch.code},\n${beside.code},`)}\n)`,
        tensors: { ...under("", branch.tensors, "layers"), ...under("shortcut.", beside.tensors, "shortcut") },
      },
    ];
  },
  softmax: () => ["nn.Softmax(dim=1)"],
} satisfies Record<keyof typeof layers, Writer> as Record<string, Writer>;

/** Layers in a row; `end` counts the layers up to here. */
function sequential(
  list: readonly Chosen<Layer>[],
  input: Shape,
  first: number,
  writing: Writing,
): Module & { end: number } {
  const counts: Record<string, number> = {};
  const code: string[] = [];
  const tensors: Record<string, string> = {};
  let shape = input;
  let place = first;
  for (const { entry, params } of list) {
    const built = entry.build(shape, params);
    counts[entry.name] = (counts[entry.name] ?? 0) + 1;
    const modules = LAYERS[entry.name](params, { input: shape, place, writing });
    for (const module of modules) {
      const { code: own, tensors: names } = typeof module === "string" ? { code: module, tensors: {} } : module;
      for (const [ours, name] of Object.entries(names)) {
        const known = ours in built.parameters || ours in built.buffers;
        if (known) tensors[`${entry.name}${counts[entry.name]}.${ours}`] = `${code.length}.${name}`;
      }
      code.push(own);
    }
    shape = built.output;
    place += built.outputs.length;
  }
  return { code: `nn.Sequential(\n${indented(code.map((one) => `${one},`).join("\n"))}\n)`, tensors, end: place };
}

export interface Network {
  /** Definitions of classes and of `build_network()`. */
  definitions: string[];
  /** Names in the network's state for those of the trial's tensors. */
  tensors: Names;
  /** Whether layers draw random numbers. */
  draws: boolean;
}

export function networkCode(
  { model, activation }: Pick<Member, "model" | "activation">,
  { shape, classes }: Pick<CohortData, "shape" | "classes">,
  smallestBatch: number,
): Network {
  const specs = model.entry.layers(shape, classes, model.params);
  const list = specs.map((spec) => choose<Layer>("layer", layers, spec));
  const defined = new Set<keyof typeof CLASSES>();
  const { code, tensors } = sequential(list, shape, 0, { activation, smallestBatch, defined });
  const documentation = `${model.entry.title}, with ${activation.entry.title}, for inputs [N, ${shape.join(", ")}].`;
  return {
    definitions: [
      ...(defined.has("Dropout") ? [UNIFORM] : []),
      ...[...defined].sort().map((name) => CLASSES[name]),
      definition("build_network()", documentation, `return ${code}`),
    ],
    tensors,
    draws: defined.has("Dropout"),
  };
}
