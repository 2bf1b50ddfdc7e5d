/** The studies whose epochs are timed, and what PyTorch is told of them. */
import type { StudySpec } from "../src/study/spec.ts";

const MNIST = { set: "mnist", validation: 0, scale: "signed" } as const;

export interface Work {
  title: string;
  study: StudySpec;
  /** PyTorch's time divided by losslab's that the project asks for. */
  bar: number;
  torch: { model: string; params?: object; sgd: object };
}

const nine = { activation: ["selu", "hardswish", "tanh"], loss: ["ce", "kl", { hinge: 5 }] };
const eight = ["ce", "mae", { focal: 0.5 }, { focal: 2 }, { focal: 1 }, "kl", "mse", { hinge: 1 }];
const four = eight.slice(0, 4);
const plain = { lr: 0.01, momentum: 0.9, weight_decay: 0 };
const decayed = { ...plain, weight_decay: 1e-4 };
const sgd = ({ lr, momentum, weight_decay }: typeof plain) => ({
  sgd: { learningRate: lr, momentum, weightDecay: weight_decay },
});

const mlp = (name: string, hidden: number[], rest: Partial<StudySpec>): StudySpec => ({
  name,
  data: MNIST,
  model: { mlp: { hidden } },
  optimizer: sgd(decayed),
  batchSize: 100,
  ...rest,
});
const images = (name: string, model: string, loss: StudySpec["loss"], train: number, test: number): StudySpec => ({
  name,
  data: { set: "cifar10", validation: 0, scale: "signed", train, test },
  model,
  activation: "relu",
  optimizer: sgd(plain),
  batchSize: 128,
  loss: loss!,
});
const single = { activation: "tanh", loss: "ce" };

export const works: Work[] = [
  {
    title: "MLP 784-28-10, nine",
    study: mlp("mlp-9", [28], nine),
    bar: 5,
    torch: { model: "mlp", sgd: decayed },
  },
  {
    title: "MLP 784-112-28-10, nine",
    study: mlp("mlp2-9", [112, 28], nine),
    bar: 4,
    torch: { model: "mlp", params: { hidden: [112, 28] }, sgd: decayed },
  },
  {
    title: "LeNet, eight",
    study: images("lenet-8", "lenet", eight, 12_800, 2_000),
    bar: 1.6,
    torch: { model: "lenet", sgd: plain },
  },
  {
    title: "cnn, four",
    study: images("cnn-4", "cnn", four, 2_560, 500),
    bar: 0.9,
    torch: { model: "cnn", sgd: plain },
  },
  {
    title: "MLP 784-28-10, one",
    study: mlp("mlp-1", [28], single),
    bar: 1.5,
    torch: { model: "mlp", sgd: decayed },
  },
  {
    title: "MLP 784-112-28-10, one",
    study: mlp("mlp2-1", [112, 28], single),
    bar: 1.5,
    torch: { model: "mlp", params: { hidden: [112, 28] }, sgd: decayed },
  },
  {
    title: "LeNet, one",
    study: images("lenet-1", "lenet", "ce", 12_800, 2_000),
    bar: 0.9,
    torch: { model: "lenet", sgd: plain },
  },
  {
    title: "cnn, one",
    study: images("cnn-1", "cnn", "ce", 2_560, 500),
    bar: 0.7,
    torch: { model: "cnn", sgd: plain },
  },
];
