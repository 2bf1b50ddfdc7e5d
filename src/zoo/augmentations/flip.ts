import { greater, take, where } from "../../tensor/index.ts";
import { number } from "../entry.ts";
import { images } from "../layers/shapes.ts";
import { augmentation, drawnAt } from "./augmentation.ts";

/** Images are mirrored, left for right, with a probability. Krizhevsky et al., 2012, section 4.1. */
export const flip = augmentation({
  name: "flip",
  title: "flip",
  summary: "Images are mirrored, left for right, with a probability.",
  reference: "Krizhevsky et al., 2012, ImageNet classification with deep convolutional neural networks, section 4.1",
  primary: "probability",
  params: { probability: number("that an image is mirrored", { default: 0.5, min: 0, max: 1 }) },
  draws: ({ probability }) => [(u) => Number(u < probability)],
  apply({ x, targets }, drawn) {
    const [, , width] = images(x.shape.slice(1));
    const mirrored = take(
      x,
      3,
      Array.from({ length: width }, (_, j) => width - 1 - j),
    );
    return { x: where(greater(drawnAt(drawn, 0, 4), 0.5), mirrored, x), targets };
  },
});
