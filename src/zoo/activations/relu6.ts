import { clip } from "../../tensor/index.ts";
import { activation } from "./activation.ts";

/** min(max(0, x), 6). Krizhevsky, 2010. */
export const relu6 = activation({
  name: "relu6",
  title: "ReLU6",
  summary: "Positive part up to 6.",
  formula: "\\min(\\max(0, x), 6)",
  reference: "Krizhevsky, 2010, Convolutional deep belief networks on CIFAR-10",
  params: {},
  apply: (x) => clip(x, 0, 6),
  kinks: () => [0, 6],
  monotone: true,
});
