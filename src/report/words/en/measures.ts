/** Measures by their keys in CSV and JSON. */
export const titles = {
  accuracy: "accuracy",
  balanced_accuracy: "balanced acc.",
  macro_precision: "macro precision",
  macro_recall: "macro recall",
  macro_f1: "macro F1",
  weighted_precision: "weighted precision",
  weighted_recall: "weighted recall",
  weighted_f1: "weighted F1",
  specificity: "specificity",
  mcc: "MCC",
  kappa: "κ",
  log_loss: "log loss",
  brier: "Brier",
  roc_auc: "ROC-AUC",
  ece: "ECE",
  mce: "MCE",
};

export const measures = {
  heading: "Measures",
  fold: "The same on the training set and the validation split",
  titles,
  splits: { test: "Test set", train: "Training set", validation: "Validation split" },
  running: "over the last epoch, while the weights change",
  after: "after the last epoch",
  decisions:
    "macro averages count every class the same, weighted ones by its examples (weighted recall is the accuracy); percent but for MCC and κ",
  probabilities:
    "of the softmax of the outputs, whatever the loss made of them; log loss in nats, ECE, MCE and top-k in percent",
  caption: ({ split, when, what }: { split: string; when: string; what: string }): string =>
    `${split}, ${when}: ${what}.`,
};
