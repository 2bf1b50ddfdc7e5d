import { existsSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { studyJsonSchema } from "../study/json-schema.ts";
import { UserError } from "../util/errors.ts";
import { zoo } from "../zoo/index.ts";

const SCHEMA_FILE = "study.schema.json";

const template = (name: string): string => `# yaml-language-server: $schema=./${SCHEMA_FILE}
#
# A study: what is compared. A list in any place is a factor: every combination is trained, under equal conditions.
#   losslab plan ${name}.yaml     what it comes to
#   losslab run ${name}.yaml      train it; stop at any time, the same command goes on
name: ${name}
description: Which loss on the embedded digits.

# Which examples. \`losslab list datasets\`; real ones are looked for in $LOSSLAB_DATA.
data:
  set: digits           # digits, mnist, fashion-mnist, kmnist, cifar10, cifar100; or your own: ./flowers, ./iris.csv
  validation: 1000      # carved from the training set; 0 for none
  scale: unit           # unit (0…1), standardize, signed (-1…1), none
  # train: 2000         # use only so many training examples
  # labelNoise: [none, { symmetric: 0.4 }]   # wrong labels in training; \`losslab list noises\`
  # imbalance: { longTail: 10 }              # rare classes in training; \`losslab list imbalances\`

# The network: linear, mlp, lenet, cnn, resnet, or layers one by one. \`losslab list models\`
model: { mlp: { hidden: [28], init: pytorch } }
activation: relu

# What is compared here. \`losslab list losses\`
loss:
  - ce
  - mae                              # on probabilities; { mae: { on: logits } } on raw outputs
  - { focal: { gamma: [0.5, 2] } }   # two losses: a list is a factor here too
  - { hinge: { delta: 1 } }

# How it is trained, the same for all. \`losslab list optimizers\`
optimizer: { sgd: { learningRate: 0.05, momentum: 0.9, weightDecay: 0 } }
schedule: constant      # constant, step, cosine
# augment: { all: [flip, { crop: 4 }] }   # images changed at random; \`losslab list augmentations\`
epochs: 20
batchSize: 100

# Repetitions with other weights and batch orders: at least 3, better 5 or more.
seeds: 3
`;

export function initCommand(
  file: string,
  { force = false, schema = false }: { force?: boolean; schema?: boolean },
): void {
  const text = `${JSON.stringify(studyJsonSchema(zoo), null, 1)}\n`;
  if (schema) {
    process.stdout.write(text);
    return;
  }
  if (existsSync(file) && !force)
    throw new UserError("the file exists already", file, "name another, or overwrite it with --force");
  const name =
    basename(file)
      .replace(/\.ya?ml$/, "")
      .replace(/[^\w-]+/g, "-") || "study";
  writeFileSync(file, template(name));
  const schemaFile = join(dirname(file), SCHEMA_FILE);
  if (!existsSync(schemaFile)) writeFileSync(schemaFile, text);
  console.log(`wrote ${file}, and ${schemaFile} for your editor\nnext: losslab run ${file}`);
}
