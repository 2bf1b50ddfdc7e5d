/** The loop of a training, written for what a trial asks of it: mini-batches, loss, step, and what is measured after each epoch. */
import type { LossFunction } from "./loss-functions.ts";
import { definition, indented, lines, num } from "./python.ts";

export interface LoopParts {
  /** The losses of a mini-batch in training. */
  losses: LossFunction;
  /** The optimizer of the training and, where one comes before, of that. */
  optimizer: string;
  before: { optimizer: string; epochs: number } | null;
  augments: boolean;
  /** Whether the augmentation mixes examples, so that each has several targets. */
  mixes: boolean;
  /** The statement that clips gradients, if any. */
  clip: string | null;
  scheduled: boolean;
  /** Whether layers draw random numbers. */
  seeded: boolean;
  /** Whether the network is evaluated by averages of its weights. */
  averaged: boolean;
  /** The first mini-batch of an epoch that counts for the training loss. */
  countedFrom: number;
}

/** `average(averaged, network, t)`. */
export const averageFunction = (decay: number): string =>
  `@torch.no_grad()\n${definition(
    "average(averaged, network, t)",
    "Takes the weights after step t, counted from 1, into their moving average; at first it is the plain mean.",
    lines(
      `decay = min(${num(decay)}, 1 - 1 / t)`,
      "for mean, p in zip(averaged.parameters(), network.parameters()):",
      "    mean.mul_(decay).add_(p, alpha=1 - decay)",
      "for kept, buffer in zip(averaged.buffers(), network.buffers()):",
      "    kept.copy_(buffer)",
    ),
  )}`;

/** `evaluate(network, examples, labels, dtype)`. */
export const evaluateFunction = ({ name, weighted }: LossFunction): string =>
  `@torch.no_grad()\n${definition(
    "evaluate(network, examples, labels, dtype)",
    "Mean loss, and the part of the examples that are classified correctly.",
    lines(
      "network.eval()",
      "loss = weight = hits = 0.0",
      "for stored, wanted in zip(examples.split(500), labels.long().split(500)):",
      indented(
        lines(
          "logits = network(inputs(stored, dtype))",
          weighted ? `each, weights = ${name}(logits, wanted)` : `each = ${name}(logits, wanted)`,
          "loss += each.sum().item()",
          weighted ? "weight += weights.sum().item()" : "weight += len(wanted)",
          "hits += (logits.argmax(1) == wanted).sum().item()",
        ),
      ),
      "return loss / weight, hits / len(labels)",
    ),
  )}`;

/** `report(epoch, training_loss, test_loss, test_accuracy, say)`. */
export const REPORT = definition(
  "report(epoch, training_loss, test_loss, test_accuracy, say)",
  "Says how far the training is, with losslab's own numbers in brackets where it has trained the epoch.",
  `results = json.loads((HERE / "losslab.json").read_text(encoding="utf-8"))["epochs"]
theirs = results[epoch] if epoch < len(results) else {}
said = []
for name, value in (("training loss", training_loss), ("test loss", test_loss), ("test accuracy", test_accuracy)):
    known = theirs.get(name)
    said.append(f"{name} {value:.5f}" + ("" if known is None else f" ({known:.5f})"))
say(f"epoch {epoch + 1:3d}   " + "   ".join(said))`,
);

/** The losses of the mini-batch's examples, `each`, and their weights, if they have some. */
function eachLoss({ losses: { name, weighted }, mixes }: LoopParts): string {
  if (!mixes) return weighted ? `each, weights = ${name}(logits, labels)` : `each = ${name}(logits, labels)`;
  if (!weighted) return `each = sum(share * ${name}(logits, wanted) for share, wanted in targets)`;
  return lines(
    `terms = [(share, *${name}(logits, wanted)) for share, wanted in targets]`,
    "each = sum(share * loss for share, loss, _ in terms)",
    "weights = sum(share * own for share, _, own in terms)",
  );
}

/** One training step, of the examples at `places`. */
function stepStatements(parts: LoopParts): string {
  const { losses, augments, mixes, clip, scheduled, seeded, averaged, before, countedFrom } = parts;
  const counted = lines(
    "total += each.sum().item()",
    losses.weighted ? "weight += weights.sum().item()" : "weight += len(labels)",
  );
  return lines(
    "if len(measured) == steps:",
    "    return measured",
    'x = inputs(data["train_examples"][places], dtype)',
    'labels = data["train_labels"][places].long()',
    augments && mixes && "x, targets = augment(x, [(torch.ones_like(labels, dtype=dtype), labels)], drawn.to(dtype))",
    augments && !mixes && "x, _ = augment(x, labels, drawn.to(dtype))",
    seeded && "Dropout.seed = seeds[step]",
    "optimizer.zero_grad()",
    "logits = network(x)",
    eachLoss(parts),
    losses.weighted ? "loss = each.sum() / weights.sum()" : "loss = each.mean()",
    "loss.backward()",
    clip !== null && clip,
    "optimizer.step()",
    scheduled && "scheduler.step()",
    (seeded || averaged) && "step += 1",
    averaged && (before ? "if own:\n    average(averaged, network, step)" : "average(averaged, network, step)"),
    "measured.append(loss.item())",
    countedFrom > 0
      ? `if i >= ${countedFrom}:  # losslab counts the last mini-batches of an epoch alone\n${indented(counted)}`
      : counted,
  );
}

/** `for places in order[epoch].split(BATCH_SIZE):`, with what else belongs to the mini-batch. */
function overBatches({ augments, countedFrom }: LoopParts): string {
  const parts = augments ? "places, drawn" : "places";
  const batches = augments
    ? "zip(order[epoch].split(BATCH_SIZE), draws[epoch].split(BATCH_SIZE))"
    : "order[epoch].split(BATCH_SIZE)";
  if (countedFrom === 0) return `for ${parts} in ${batches}:`;
  return `for i, ${augments ? `(${parts})` : parts} in enumerate(${batches}):`;
}

function epochLoop(parts: LoopParts, epochs: string): string {
  const { averaged, scheduled, seeded, before } = parts;
  const finish = lines(
    `results = evaluate(${averaged ? "averaged" : "network"}, data["test_examples"], data["test_labels"], dtype)`,
    "report(epoch, total / weight, *results, say)",
  );
  return lines(
    scheduled &&
      `scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: learning_rate_factor(step, ${epochs}))`,
    (seeded || averaged) && "step = 0",
    `for epoch in range(${epochs}):`,
    indented(
      lines(
        "network.train()",
        "total = weight = 0.0",
        overBatches(parts),
        indented(stepStatements(parts)),
        before
          ? lines(
              "if own:",
              indented(finish),
              "else:",
              '    say(f"training before, epoch {epoch + 1:3d}   training loss {total / weight:.5f}")',
            )
          : finish,
      ),
    ),
  );
}

/** `train(steps, dtype, device, say)`. */
export function trainFunction(parts: LoopParts): string {
  const { augments, seeded, averaged, optimizer, before } = parts;
  return definition(
    'train(steps=None, dtype=torch.float32, device="cpu", say=print)',
    "Trains as losslab does, and gives the mean loss of every mini-batch.",
    lines(
      'data = {name: torch.from_numpy(values).to(device) for name, values in np.load(HERE / "data.npz").items()}',
      'order = torch.from_numpy(np.load(HERE / "order.npy")).long().to(device)',
      augments && 'draws = torch.from_numpy(np.load(HERE / "draws.npy")).to(device)',
      seeded && 'seeds = np.load(HERE / "seeds.npy").tolist()',
      'initial = {name: torch.from_numpy(values) for name, values in np.load(HERE / "initial.npz").items()}',
      "network = build_network().to(device, dtype)",
      "network.load_state_dict(initial)",
      averaged && "averaged = copy.deepcopy(network)",
      "measured = []",
      before
        ? lines(
            "# The training before leaves its weights, but nothing of what its optimizer kept.",
            "for own in (False, True):",
            indented(
              lines(
                "if own:",
                `    optimizer, epochs = ${optimizer}, EPOCHS`,
                "else:",
                `    optimizer, epochs = ${before.optimizer}, ${before.epochs}`,
                epochLoop(parts, "epochs"),
              ),
            ),
          )
        : lines(`optimizer = ${optimizer}`, epochLoop(parts, "EPOCHS")),
      "return measured",
    ),
  );
}

/** What the script does when it is run. */
export const MAIN = `if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--steps", type=int, help="stop after so many steps")
    options.add_argument("--double", action="store_true", help="compute in float64")
    options.add_argument("--device", default="cpu", help="what to compute on, such as cuda")
    options.add_argument("--losses", help="file for the losses of all steps")
    given = options.parse_args()
    result = train(given.steps, torch.float64 if given.double else torch.float32, given.device)
    if given.losses:
        np.save(given.losses, np.array(result))
    print(f"{len(result)} steps; the last mini-batch had a loss of {result[-1]:.6f}")`;
