import { secondsPerEpoch } from "../../metrics/index.ts";
import { significant } from "../../util/format.ts";
import { over, who } from "../configurations.ts";
import type { ReportContext } from "../context.ts";
import { csv } from "../csv.ts";
import type { Picture } from "../document.ts";
import { rankingPlot } from "../plots/ranking-plot.ts";
import { render } from "../render.ts";

/** Seconds per epoch of each configuration, the fastest first. */
export async function timePicture({ configurations, basis, words }: ReportContext): Promise<Picture> {
  const rows = configurations
    .map((c) => ({ c, seconds: over(c.done, (t) => secondsPerEpoch(t.history.map((r) => r.seconds))) }))
    .filter(({ seconds }) => seconds !== null)
    .sort((a, b) => a.seconds!.mean - b.seconds!.mean);
  const ends = rows.flatMap(({ seconds }) => [
    seconds!.mean - (seconds!.halfWidth ?? 0),
    seconds!.mean + (seconds!.halfWidth ?? 0),
  ]);
  const fused = configurations.some((c) => c.fuse !== false);
  const draw = (width: number) =>
    render(
      rankingPlot(
        rows.map(({ c, seconds }) => ({
          label: c.label,
          style: c.style,
          value: seconds!.mean,
          halfWidth: seconds!.halfWidth,
          text: significant(seconds!.mean, 3),
        })),
        { width, title: words.cost.columns.epoch, fit: [0, Math.max(...ends, 1e-6)] },
      ),
    );
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    id: "picture-time",
    title:
      first && last && first !== last
        ? words.cost.fromTo({
            first: who(first.c),
            firstSeconds: first.seconds!.mean,
            last: who(last.c),
            lastSeconds: last.seconds!.mean,
          })
        : words.cost.timeTitle,
    subtitle: words.pictures.timeSubtitle({ basis, fused }),
    alt: words.pictures.timeAlt({ n: rows.length }),
    views: [{ name: "", panels: [{ heading: "", svg: await draw(940), narrow: await draw(380) }] }],
    csv: csv(
      ["configuration", "seconds_per_epoch", "half_width_95", "seeds"],
      rows.map(({ c, seconds }) => [c.label, seconds!.mean, seconds!.halfWidth, seconds!.n]),
    ),
  };
}
