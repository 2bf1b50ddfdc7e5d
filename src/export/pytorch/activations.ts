/** The zoo's activations as PyTorch's modules. */
import type * as activations from "../../zoo/activations/index.ts";
import { num } from "./python.ts";

// biome-ignore lint/suspicious/noExplicitAny: each member's own parameters
type Module = (params: any) => string;

export const ACTIVATIONS = {
  celu: ({ alpha }) => `nn.CELU(${num(alpha)})`,
  elu: ({ alpha }) => `nn.ELU(${num(alpha)})`,
  gelu: ({ approximate }) => (approximate === "none" ? "nn.GELU()" : `nn.GELU(approximate="${approximate}")`),
  hardsigmoid: () => "nn.Hardsigmoid()",
  hardswish: () => "nn.Hardswish()",
  hardtanh: ({ low, high }) => `nn.Hardtanh(${num(low)}, ${num(high)})`,
  identity: () => "nn.Identity()",
  leakyRelu: ({ slope }) => `nn.LeakyReLU(${num(slope)})`,
  logsigmoid: () => "nn.LogSigmoid()",
  mish: () => "nn.Mish()",
  relu: () => "nn.ReLU()",
  relu6: () => "nn.ReLU6()",
  selu: () => "nn.SELU()",
  sigmoid: () => "nn.Sigmoid()",
  silu: () => "nn.SiLU()",
  softplus: ({ beta }) => `nn.Softplus(${num(beta)})`,
  softsign: () => "nn.Softsign()",
  tanh: () => "nn.Tanh()",
} satisfies Record<keyof typeof activations, Module> as Record<string, Module>;
