/** The zoo's augmentations in Python. The numbers that they draw are given to them. */
import type { Shape } from "../../tensor/index.ts";
import type { Augmentation } from "../../zoo/augmentations/augmentation.ts";
import type * as augmentations from "../../zoo/augmentations/index.ts";
import type { Chosen } from "../../zoo/entry.ts";
import { definition, lines, num } from "./python.ts";

const FUNCTIONS = {
  crop: definition(
    "crop(x, down, right, padding)",
    "Pads images with black and crops them to their size, each at a place of its own.",
    `height, width = x.shape[2:]
padded = F.pad(x - BLACK.to(x), [padding] * 4) + BLACK.to(x)
corners = (torch.stack([down, right], 1).long() + padding).tolist()
return torch.stack([image[:, i : i + height, j : j + width] for image, (i, j) in zip(padded, corners)])`,
  ),
  cutout: definition(
    "cutout(x, row, column, size)",
    "A square of each image becomes 0; its centre is given.",
    `height, width = x.shape[2:]
middle = 0.5 if size % 2 == 0 else 0.0  # an even square lies before its centre
rows = torch.arange(height, device=x.device) + middle - row[:, None]
columns = torch.arange(width, device=x.device) + middle - column[:, None]
inside = (rows.abs() < size / 2)[:, None, :, None] & (columns.abs() < size / 2)[:, None, None, :]
return x.masked_fill(inside, 0.0)`,
  ),
  flip: definition(
    "flip(x, mirrored)",
    "Mirrors some of the images, left for right.",
    "return torch.where(mirrored[:, None, None, None] > 0.5, x.flip(3), x)",
  ),
  mixup: definition(
    "mixup(x, targets, share)",
    "Mixes each example with the next of its mini-batch; `targets` are labels, and their shares of the loss.",
    `column = share.reshape(-1, *[1] * (x.dim() - 1))
mixed = [(share * part, labels) for part, labels in targets]
mixed += [((1 - share) * part.roll(-1), labels.roll(-1)) for part, labels in targets]
return column * x + (1 - column) * x.roll(-1, 0), mixed`,
  ),
} as const;

/** A statement that applies a member, by the columns of the numbers drawn for it. */
// biome-ignore lint/suspicious/noExplicitAny: each member's own parameters
type Writer = (params: any, columns: readonly string[], use: (name: keyof typeof FUNCTIONS) => void) => string | null;

const STATEMENTS = {
  crop: ({ padding }, [down, right], use) => {
    use("crop");
    return `x = crop(x, ${down}, ${right}, padding=${padding})`;
  },
  cutout: ({ size }, [row, column], use) => {
    use("cutout");
    return `x = cutout(x, ${row}, ${column}, size=${num(size)})`;
  },
  flip: (_, [mirrored], use) => {
    use("flip");
    return `x = flip(x, ${mirrored})`;
  },
  mixup: (_, [share], use) => {
    use("mixup");
    return `x, targets = mixup(x, targets, ${share})`;
  },
  none: () => null,
} satisfies Record<Exclude<keyof typeof augmentations, "all">, Writer> as Record<string, Writer>;

/** Members in the order in which they are applied. */
const inOrder = ({ entry, params, spec }: Chosen<Augmentation>): Chosen<Augmentation>[] =>
  entry.name === "all" ? (params.list as Chosen<Augmentation>[]).flatMap(inOrder) : [{ entry, params, spec }];

export interface AugmentationCode {
  /** Definitions up to `augment(x, targets, drawn)`. */
  definitions: string[];
  /** Whether it mixes examples: then the targets are labels with their shares. */
  mixes: boolean;
}

/** Null where examples stay as they are. */
export function augmentationCode(chosen: Chosen<Augmentation>, shape: Shape): AugmentationCode | null {
  const used = new Set<keyof typeof FUNCTIONS>();
  let at = 0;
  const statements = inOrder(chosen).flatMap(({ entry, params }) => {
    const columns = entry.draws(params, shape).map((_, i) => `drawn[:, ${at + i}]`);
    at += columns.length;
    return STATEMENTS[entry.name](params, columns, (name) => used.add(name)) ?? [];
  });
  if (at === 0) return null;
  const augment = definition(
    "augment(x, targets, drawn)",
    `A mini-batch with the changes of the training; drawn [N, ${at}] are the random numbers.`,
    lines(...statements, "return x, targets"),
  );
  return {
    definitions: [...[...used].sort().map((name) => FUNCTIONS[name]), augment],
    mixes: used.has("mixup"),
  };
}
