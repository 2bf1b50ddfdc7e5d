/** What the script of a report's page does: values under the pointer, and curves shown and hidden. */

/** A figure's curves, as its attribute `data-curves` has them. */
export interface PageCurves {
  /** What is shown or hidden together: label, colour, dashes. */
  labels: [label: string, color: string, dash: string][];
  /** Place of its label; colour; its name; fields of the data before the epoch, joined by tabs. The last two are left out where they are the label. */
  series: [label: number, color: string, name?: string, key?: string][];
}

/**
 * Where they lie in one drawing, as the attribute `data-frame` has it: the plot, the ends of the axes, log or not, factor, places in
 * `series`, height of the drawing's own legend.
 */
export type PageFrame = [
  left: number, top: number, width: number, height: number,
  x0: number, x1: number, y0: number, y1: number,
  log: 0 | 1, factor: number, series: number[], legend: number,
]; // biome-ignore format: four lines

export interface InteractiveWords {
  /** Has `#` where the epoch goes. */
  epoch: string;
  shown: string;
  all: string;
  hint: string;
}

/**
 * Runs in the page, from its own text: nothing from outside of this function but types. A page without it lacks the buttons and the values
 * under the pointer, and nothing else. The values are those of the data that each figure offers for download.
 */
export function interactive(words: InteractiveWords): void {
  interface Point {
    epoch: number;
    mean: number;
    half: number | null;
    seeds: string;
  }
  interface Drawing {
    box: HTMLElement;
    svg: SVGSVGElement;
    frame: PageFrame;
  }

  const make = (tag: string, className: string, text = ""): HTMLElement => {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  };
  const fields = (line: string): string[] =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field]) =>
      field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
    );
  const say = (value: number, factor: number, digits: number): string =>
    (factor === 100 ? (100 * value).toFixed(2) : String(Number((factor * value).toPrecision(digits)))).replace(
      "-",
      "−",
    );

  const enliven = (figure: HTMLElement): void => {
    const { labels, series }: PageCurves = JSON.parse(figure.dataset.curves ?? "");
    const off = new Set<number>();
    const nameOf = ([label, , name]: PageCurves["series"][number]): string => name ?? labels[label][0];

    const known = new Map<string, Point[]>();
    const pointsOf = (place: number): Point[] => {
      if (known.size === 0) {
        const address = figure.querySelector("a[download]")?.getAttribute("href") ?? "";
        const text = decodeURIComponent(address.slice(address.indexOf(",") + 1)).trimEnd();
        const [head, ...rows] = text.split("\n").map(fields);
        const at = head.indexOf("epoch");
        for (const row of rows) {
          const key = row.slice(0, at).join("\t");
          const [epoch, mean, half, seeds] = row.slice(at);
          known.set(key, known.get(key) ?? []);
          known.get(key)?.push({ epoch: +epoch, mean: +mean, half: half === "" ? null : +half, seeds });
        }
      }
      return known.get(series[place][3] ?? nameOf(series[place])) ?? [];
    };

    const drawings: Drawing[] = [];
    figure.querySelectorAll<HTMLElement>("[data-frame]").forEach((box) => {
      const svg = box.querySelector("svg");
      if (svg) drawings.push({ box, svg, frame: JSON.parse(box.dataset.frame ?? "") });
    });
    /** Where a point lies in its drawing, in its pixels. */
    const place = ([left, top, width, height, x0, x1, y0, y1, log, factor]: PageFrame, { epoch, mean }: Point) => {
      const y = mean * factor;
      const up = log ? Math.log(y / y0) / Math.log(y1 / y0) : (y - y0) / (y1 - y0);
      return { x: left + (width * (epoch - x0)) / (x1 - x0), y: top + height * (1 - up) };
    };

    const tip = make("div", "tip");
    const dot = make("div", "dot");
    const said = make("p", "said");
    said.setAttribute("aria-live", "polite");
    const hide = (): void => {
      tip.remove();
      dot.remove();
    };
    const show = ({ box, svg, frame }: Drawing, at: number, point: Point, aloud = false): void => {
      const { width } = svg.viewBox.baseVal;
      const { x, y } = place(frame, point);
      const [inner, outer] = [svg.getBoundingClientRect(), box.getBoundingClientRect()];
      const scale = inner.width / width;
      const factor = frame[9];
      const value = `${say(point.mean, factor, 4)}${point.half === null ? "" : ` ± ${say(point.half, factor, 2)}`}`;
      const name = nameOf(series[at]);
      const epoch = words.epoch.replace("#", String(point.epoch));
      tip.replaceChildren(make("strong", "", name), make("span", "", epoch), make("b", "", value), make("span", "", `n = ${point.seeds}`)); // biome-ignore format: one line
      for (const element of [tip, dot]) {
        element.style.left = `${inner.left - outer.left + scale * x}px`;
        element.style.top = `${inner.top - outer.top + scale * y}px`;
      }
      tip.classList.toggle("leftwards", x > width / 2);
      dot.style.background = series[at][1];
      box.append(dot, tip);
      if (aloud) said.textContent = `${name}, ${epoch}: ${value}`;
    };

    const seek = (drawing: Drawing, event: PointerEvent): void => {
      const { svg, frame } = drawing;
      const [left, top, width, height, x0, x1] = frame;
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
      const epoch = x0 + ((x - left) / width) * (x1 - x0);
      let best: { at: number; point: Point; away: number } | null = null;
      for (const at of x < left - 12 || x > left + width + 12 ? [] : frame[10]) {
        const points = pointsOf(at);
        if (off.has(series[at][0]) || points.length === 0) continue;
        const point = points.reduce((a, b) => (Math.abs(b.epoch - epoch) < Math.abs(a.epoch - epoch) ? b : a));
        const there = place(frame, point).y;
        const away = Math.abs(there - y);
        if (there > top - 1 && there < top + height + 1 && (best === null || away < best.away))
          best = { at, point, away };
      }
      if (best) show(drawing, best.at, best.point);
      else hide();
    };
    for (const drawing of drawings) {
      const move = (event: PointerEvent): void => seek(drawing, event);
      drawing.box.addEventListener("pointermove", move);
      drawing.box.addEventListener("pointerdown", move);
      drawing.box.addEventListener("pointerleave", hide);
      // The buttons are the legend: on the screen the drawing's own is cut off.
      drawing.box.style.setProperty("--cut", `${(-100 * drawing.frame[11]) / drawing.svg.viewBox.baseVal.width}%`);
    }

    const buttons = labels.map(([label, color, dash], i) => {
      const button = make("button", "", label) as HTMLButtonElement;
      button.type = "button";
      const swatch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
      for (const [name, value] of [["d", "M0 5H22"], ["stroke", color], ["stroke-width", "2"], ["stroke-dasharray", dash]]) line.setAttribute(name, value); // biome-ignore format: one line
      for (const [name, value] of [["class", "swatch"], ["width", "22"], ["height", "10"], ["aria-hidden", "true"]]) swatch.setAttribute(name, value); // biome-ignore format: one line
      swatch.append(line);
      button.prepend(swatch);
      button.addEventListener("click", () => turn(i, off.has(i)));

      // Along the curves of this label: by epochs with left and right, from one to the next with up and down.
      const own = () =>
        drawings.flatMap((drawing) =>
          drawing.box.getClientRects().length > 0
            ? drawing.frame[10].filter((at) => series[at][0] === i).map((at) => ({ drawing, at }))
            : [],
        );
      let [curve, point] = [0, Number.POSITIVE_INFINITY];
      const read = (aloud: boolean): void => {
        const curves = off.has(i) ? [] : own();
        curve = Math.max(0, Math.min(curve, curves.length - 1));
        const points = curves.length > 0 ? pointsOf(curves[curve].at) : [];
        point = Math.max(0, Math.min(point, points.length - 1));
        if (points.length > 0) show(curves[curve].drawing, curves[curve].at, points[point], aloud);
        else hide();
      };
      button.addEventListener("keydown", (event) => {
        const steps: Record<string, [curve: number, point: number]> = {
          ArrowLeft: [0, -1],
          ArrowRight: [0, 1],
          Home: [0, Number.NEGATIVE_INFINITY],
          End: [0, Number.POSITIVE_INFINITY],
          ArrowUp: [-1, 0],
          ArrowDown: [1, 0],
        };
        if (event.key === "Escape") hide();
        if (!(event.key in steps)) return;
        event.preventDefault();
        const [down, right] = steps[event.key];
        [curve, point] = [curve + down, point + right];
        read(true);
      });
      button.addEventListener("focus", () => button.matches(":focus-visible") && read(false));
      button.addEventListener("blur", hide);
      return button;
    });
    const turn = (i: number, on: boolean): void => {
      if (on) off.delete(i);
      else off.add(i);
      buttons[i].setAttribute("aria-pressed", String(on));
      figure.querySelectorAll(`[data-s="${i}"]`).forEach((mark) => {
        mark.classList.toggle("off", !on);
      });
      hide();
    };
    const turnAll = (): void => {
      for (const i of labels.keys()) turn(i, true);
    };
    turnAll();

    const legend = make("div", "legend");
    legend.setAttribute("role", "group");
    legend.setAttribute("aria-label", words.shown);
    const all = make("button", "all", words.all) as HTMLButtonElement;
    all.type = "button";
    all.addEventListener("click", turnAll);
    legend.append(...buttons, ...(labels.length > 2 ? [all] : []), make("span", "hint", words.hint), said);
    figure.querySelector(".views")?.before(legend);
  };

  document.querySelectorAll<HTMLElement>("figure[data-curves]").forEach(enliven);
}
