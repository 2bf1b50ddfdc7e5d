import { model } from "./model.ts";

/** LeNet-5 with max pooling, for images of 28 to 40 pixels; 28 pixels are padded to 32. LeCun et al., 1998, fig. 2. */
export const lenet = model({
  name: "lenet",
  title: "LeNet",
  summary: "LeNet-5 with max pooling: two convolutions of 5×5, dense 120 and 84.",
  reference: "LeCun et al., 1998, Gradient-based learning applied to document recognition, fig. 2",
  params: {},
  layers: ([, height], classes) => [
    { conv2d: { filters: 6, kernel: 5, padding: height < 32 ? 2 : 0 } },
    "activation",
    { maxPool: 2 },
    { conv2d: { filters: 16, kernel: 5 } },
    "activation",
    { maxPool: 2 },
    "flatten",
    { dense: 120 },
    "activation",
    { dense: 84 },
    "activation",
    { dense: classes },
  ],
});
