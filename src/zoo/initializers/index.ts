/** How weights begin. Each is the distribution of one number by the fans of its tensor. */
import type { RandomStream } from "../../util/random.ts";
import { type Entry, type ParameterSchemas, requiredNumber } from "../entry.ts";

/** A tensor to be filled: how many inputs feed one output, how many outputs one input feeds, and its role. */
export interface Fans {
  fanIn: number;
  fanOut: number;
  role: "weight" | "bias";
}

export interface Initializer<S extends ParameterSchemas = ParameterSchemas> extends Entry<S> {
  /** The i-th number of the tensor. */
  // biome-ignore lint/suspicious/noExplicitAny: the zoo holds initializers of all parameter types
  readonly draw: (random: RandomStream, i: number, fans: Fans, params: any) => number;
}

const symmetric = (random: RandomStream, i: number, bound: number): number => (2 * random.uniform(i) - 1) * bound;

/** Biases of zero, weights as given: what all but PyTorch's own default do. */
const weightsOnly =
  <P>(draw: (random: RandomStream, i: number, fans: Fans, params: P) => number) =>
  (random: RandomStream, i: number, fans: Fans, params: P): number =>
    fans.role === "bias" ? 0 : draw(random, i, fans, params);

/** Uniform in ±1/√fanIn, weights and biases alike: kaiming_uniform with a = √5, as torch.nn.Linear and Conv2d begin. */
export const pytorch: Initializer = {
  name: "pytorch",
  title: "PyTorch's default",
  summary: "Uniform in ±1/√fanIn, weights and biases alike, as torch.nn.Linear and Conv2d begin.",
  formula: "U(\\pm 1/\\sqrt{n_{in}})",
  params: {},
  draw: (random, i, { fanIn }) => symmetric(random, i, 1 / Math.sqrt(fanIn)),
};

/** Glorot and Bengio, 2010, eq. 16: uniform in ±√(6 / (fanIn + fanOut)); biases 0. */
export const xavier: Initializer = {
  name: "xavier",
  title: "Xavier uniform",
  summary: "Uniform in ±√(6/(fanIn + fanOut)), biases 0.",
  formula: "U(\\pm\\sqrt{6/(n_{in}+n_{out})})",
  reference: "Glorot and Bengio, 2010, eq. 16",
  params: {},
  draw: weightsOnly((random, i, { fanIn, fanOut }) => symmetric(random, i, Math.sqrt(6 / (fanIn + fanOut)))),
};

/** He et al., 2015, arXiv:1502.01852, eq. 10: normal with variance 2 / fanIn; biases 0. */
export const he: Initializer = {
  name: "he",
  title: "He normal",
  summary: "Normal with variance 2/fanIn, biases 0.",
  formula: "N(0, 2/n_{in})",
  reference: "He et al., 2015, arXiv:1502.01852, eq. 10",
  params: {},
  draw: weightsOnly((random, i, { fanIn }) => random.normal(i) * Math.sqrt(2 / fanIn)),
};

/** LeCun et al., 1998, Efficient BackProp, § 4.6: normal with variance 1 / fanIn; biases 0. */
export const lecun: Initializer = {
  name: "lecun",
  title: "LeCun normal",
  summary: "Normal with variance 1/fanIn, biases 0.",
  formula: "N(0, 1/n_{in})",
  reference: "LeCun et al., 1998, Efficient BackProp, eq. 16",
  params: {},
  draw: weightsOnly((random, i, { fanIn }) => random.normal(i) / Math.sqrt(fanIn)),
};

/** Normal with one standard deviation everywhere; biases 0. */
export const normal: Initializer = {
  name: "normal",
  title: "normal",
  summary: "Normal with one standard deviation everywhere, biases 0.",
  formula: "N(0, s^2)",
  primary: "std",
  params: { std: requiredNumber("standard deviation", { above: 0 }) },
  draw: weightsOnly((random, i, _, { std }: { std: number }) => random.normal(i) * std),
};
