import { encode } from "fast-png";
import type { Dataset } from "./dataset.ts";

const BACKGROUND = 70;
const GAP = 2;
/** Small pictures are shown larger, to about so many pixels. */
const COMFORTABLE = 56;

/**
 * The first training examples of each class as a PNG, a row for each class. Values that are no bytes are shown from the least to the
 * greatest of the data.
 * @param dataset of pictures, [1 or 3 channels, height, width]
 */
export function contactSheet(
  { shape, classes, train }: Pick<Dataset, "shape" | "classes" | "train">,
  columns = 20,
): Uint8Array {
  const [channels, height, width] = shape;
  const zoom = Math.max(1, Math.round(COMFORTABLE / Math.max(height, width)));
  const cell = { height: height * zoom + GAP, width: width * zoom + GAP };
  const sheet = { width: columns * cell.width + GAP, height: classes.length * cell.height + GAP };
  const data = new Uint8Array(sheet.width * sheet.height * channels).fill(BACKGROUND);
  const shade = shadeOf(train.images);
  const plane = height * width;
  const used = classes.map(() => 0);
  train.labels.forEach((label, i) => {
    if (used[label] === columns) return;
    const left = used[label]++ * cell.width + GAP;
    const top = label * cell.height + GAP;
    for (let y = 0; y < height * zoom; y++) {
      for (let x = 0; x < width * zoom; x++) {
        const pixel = Math.floor(y / zoom) * width + Math.floor(x / zoom);
        const to = ((top + y) * sheet.width + left + x) * channels;
        for (let c = 0; c < channels; c++) data[to + c] = shade(train.images[(i * channels + c) * plane + pixel]);
      }
    }
  });
  return encode({ ...sheet, channels, depth: 8, data });
}

function shadeOf(images: Dataset["train"]["images"]): (value: number) => number {
  if (images instanceof Uint8Array) return (value) => value;
  const [low, high] = images.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity] as number[]);
  return (value) => Math.round((255 * (value - low)) / (high - low || 1));
}
