export const setup = {
  heading: "Set-up",
  caption:
    "What was trained. Trials of one seed share initial weights and batch order; every trial starts from fresh weights.",
  part: "part",
  value: "value",
  rows: {
    data: "data",
    model: "model",
    activation: "activation",
    loss: "loss",
    optimizer: "optimizer",
    clip: "gradient clipping",
    augment: "augmentation",
    schedule: "learning-rate schedule",
    warmStart: "weights at the start",
    ema: "average of the weights",
    epochs: "epochs",
    batchSize: "batch size",
    seeds: "seeds",
  },
  none: "none",
  file: ({ file }: { file: string }): string => `The study file (${file})`,
};

export const environment = {
  heading: "Environment",
  caption: "Versions and machine of the run.",
  what: "what",
  value: "value",
  names: {
    node: "Node.js",
    platform: "platform",
    engine: "engine",
    cpu: "cpu",
    cores: "cores",
    memory: "memory",
    device: "device",
  },
};

export const reproduce = {
  heading: "How to reproduce",
  save: ({ file, version }: { file: string; version: string | null }): string =>
    `Save the study file above as ${file}, then train it again${version === null ? "" : ` with losslab ${version}`} and write this report from the new run:`,
  again: ({ run }: { run: string }): string =>
    `This report was made from run ${run}; \`losslab report ${run}\` writes it again from the stored measurements without training. The same study, version and machine give the same numbers to the last bit, whatever the number of workers.`,
};
