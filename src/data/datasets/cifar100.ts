import { decodeCifar } from "../cifar.ts";
import type { DatasetSource } from "../dataset.ts";

/** The fine labels, in the official (alphabetical) order. */
const CLASSES = `
  apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle
  caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish
  forest fox girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle
  mountain mouse mushroom oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
  possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar
  sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle wardrobe whale
  willow_tree wolf woman worm`;

/** Small colour photographs of a hundred kinds of things; the fine labels. */
export const cifar100: DatasetSource = {
  name: "cifar100",
  title: "CIFAR-100",
  classes: CLASSES.trim().split(/\s+/),
  shape: [3, 32, 32],
  trainCount: 50_000,
  testCount: 10_000,
  licence: "none stated by its makers, who ask to be cited",
  homepage: "https://www.cs.toronto.edu/~kriz/cifar.html",
  citation: 'A. Krizhevsky, "Learning multiple layers of features from tiny images", technical report, 2009',
  folders: ["cifar100", "cifar-100", "CIFAR100", "cifar-100-binary"],
  distinctNames: true,
  files: [
    {
      name: "cifar-100-binary.tar.gz",
      bytes: 168_513_733,
      md5: "03b5dce01913d631647c71ecec9e9cb8",
      mirrors: [
        "https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",
        "http://www.cs.utoronto.ca/~kriz/cifar-100-binary.tar.gz",
      ],
      unpacksTo: "cifar-100-binary",
      members: [
        { name: "train.bin", bytes: 50_000 * 3074 },
        { name: "test.bin", bytes: 10_000 * 3074 },
      ],
    },
  ],
  // A record begins with the coarse label (20 classes), then the fine one.
  decode: (members) =>
    decodeCifar(members, { labelBytes: 2, label: 1, train: { "train.bin": 50_000 }, test: { "test.bin": 10_000 } }),
};
