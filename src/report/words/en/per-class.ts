import { name, percentOf, type Text, t, type Who } from "../../text.ts";
import { clauses, commas, counted, points } from "./grammar.ts";

interface ClassShare {
  class: string;
  recall: number;
}

export const perClass = {
  heading: "Per class",
  fold: "Precision, recall, specificity and F1 of each class",
  columns: {
    class: "class",
    precision: "precision",
    recall: "recall",
    specificity: "specificity",
    f1: "F1",
    samples: "samples",
  },
  caption: ({ who }: { who: Who }): string => `${who.label}: test set, final epoch, percent, all seeds together.`,
  recall: (f: { worst: ClassShare; best: ClassShare; lopsided: readonly { who: Who; class: string }[] }) => {
    const label = (text: string) => ({ text });
    return clauses([
      t`Class ${label(f.worst.class)} is missed most (mean recall ${percentOf(f.worst.recall)}), class ${label(f.best.class)} least (${percentOf(f.best.recall)})`,
      ...f.lopsided.map((l) => t`${name(l.who)} takes nearly everything for class ${label(l.class)}`),
    ]);
  },
  recallAxis: "recall, %",
  recallSubtitle: ({ basis }: { basis: Text }) =>
    t`${basis} · share of each class that is recognized, test set, final epoch; the stronger the colour, the more is missed`,
  recallAlt: ({ classes, configurations }: { classes: number; configurations: number }) =>
    t`Recall of ${counted(classes, "class", "classes")} for ${counted(configurations, "configuration")}; the tables below have the numbers.`,
  noConfusion: "No sample is misclassified",
  confusion: (f: { who: Who; share: number; from: string; to: string }) =>
    t`The most frequent confusion: ${percentOf(f.share, f.who)} of class ${{ text: f.from }} are taken for ${{ text: f.to }} with ${name(f.who)}`,
  confusionSubtitle: ({ basis }: { basis: Text }) =>
    points([
      basis,
      "percent of each class (row) taken for each class (column), test set, final epoch, all seeds together; right answers are left uncoloured",
    ]),
  confusionAlt: ({ whos }: { whos: readonly Who[] }) => t`Confusion matrices of ${commas(whos.map(name))}.`,
};
