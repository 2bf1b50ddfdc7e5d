/** One frame for each configuration: its training and test set. */
import type { EpochRecord } from "../../run/records.ts";
import type { AskedPicture } from "../../study/picture-kinds.ts";
import type { Configuration } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { curve } from "../curves.ts";
import type { Panel, Picture } from "../document.ts";
import { lossPanel } from "../draw-curves.ts";
import { curveCsv } from "../sections/curves.ts";
import { panelSize } from "../sections/panel-size.ts";

type Of = "loss" | "accuracy";

const read = (split: "train" | "test", of: Of) => (record: EpochRecord) => record[split][of];

const curvesOf = ({ done }: Configuration, of: Of) => ({
  train: curve(done, read("train", of)),
  heldOut: curve(done, read("test", of)),
});

/** @param of one frame of each configuration for each of these */
export async function perConfiguration(
  context: ReportContext,
  { params: { marks = "lines" } }: AskedPicture,
  id: string,
  title: string,
  ofs: readonly Of[],
): Promise<Picture> {
  const { configurations, epochs, basis, chance, words } = context;
  const size = ofs.length > 1 ? panelSize(2) : panelSize(configurations.length);
  const panels: Panel[] = [];
  for (const c of configurations) {
    for (const of of ofs) {
      const accuracy = of === "accuracy";
      const panel = await lossPanel(
        { name: c.label, of: [c.label, of], style: c.style, ...curvesOf(c, of), heldOutName: "test" },
        {
          ...size,
          epochs,
          marks,
          words: words.plots,
          title: accuracy ? words.curves.accuracyAxis : words.curves.lossAxis,
          ...(accuracy && { factor: 100, bounds: [0, 1] as [number, number], chance: chance?.uniform }),
        },
      );
      panels.push(panel);
    }
  }
  return {
    id,
    title,
    subtitle: words.pictures.panelsSubtitle({ basis, marks: marks === "points" ? "points" : "lines" }),
    alt: words.pictures.panelsAlt({ title, n: configurations.length }),
    views: [{ name: "", panels }],
    csv: curveCsv(
      configurations.flatMap((c) =>
        ofs.flatMap((of) => {
          const { train, heldOut } = curvesOf(c, of);
          return [
            { labels: [c.label, of, "train"], points: train },
            { labels: [c.label, of, "test"], points: heldOut },
          ];
        }),
      ),
      ["configuration", "measure", "split"],
    ),
  };
}
