import type { Block, Picture, PictureView, ReportDocument, Said, Table } from "./document.ts";
import { columnsFor, composed, standalonePicture } from "./svg.ts";
import { plainText } from "./text.ts";

/** Contents by path beside the report. */
type Files = Record<string, string>;

/** Text that Markdown must not read as its own signs. */
const escaped = (text: Said): string => plainText(text).replace(/[\\*_<>[\]#]/g, "\\$&");
const cellText = (text: string): string => escaped(text).replaceAll("|", "\\|");

const length = (text: string): number => [...text].length;
const padded = (text: string, width: number, align: "left" | "right"): string => {
  const gap = " ".repeat(width - length(text));
  return align === "right" ? gap + text : text + gap;
};

/** A table whose columns line up in the source too. */
function table({ caption, columns, rows }: Table): string {
  const texts = rows.map((r) => r.map((c) => (c.strong && c.text ? `**${cellText(c.text)}**` : cellText(c.text))));
  const widths = columns.map((c, i) =>
    Math.max(3, length(cellText(c.header)), ...texts.map((r) => length(r[i] ?? ""))),
  );
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [
    escaped(caption),
    "",
    line(columns.map((c, i) => padded(cellText(c.header), widths[i], c.align))),
    line(columns.map((c, i) => (c.align === "right" ? `${"-".repeat(widths[i] - 1)}:` : "-".repeat(widths[i])))),
    ...texts.map((r) => line(columns.map((c, i) => padded(r[i] ?? "", widths[i], c.align)))),
  ].join("\n");
}

/** All panels of a view as one picture: large ones below each other, small ones in rows of three. */
function asFile({ panels }: PictureView, { title, alt }: Picture): string {
  const svg = panels.length === 1 && !panels[0].heading ? panels[0].svg : composed(panels, columnsFor(panels));
  return standalonePicture(svg, plainText(title), plainText(alt));
}

function block(b: Block, files: Files): string {
  switch (b.kind) {
    case "prose":
      return inline(b.text);
    case "list":
      return b.items.map((item) => `- ${inline(item)}`).join("\n");
    case "table":
      return table(b.table);
    case "code":
      return `\`\`\`${b.language}\n${b.text.trimEnd()}\n\`\`\``;
    case "fold":
      return [
        `<details><summary>${b.heading.replaceAll("<", "&lt;")}</summary>`,
        ...b.blocks.map((inner) => block(inner, files)),
        "</details>",
      ].join("\n\n");
    case "picture":
      return picture(b.picture, files);
  }
}

/** Text with `code` in it, which is left as it is. */
const inline = (text: Said): string =>
  plainText(text)
    .split(/(`[^`]+`)/)
    .map((part) => (part.startsWith("`") ? part : escaped(part)))
    .join("");

function picture(p: Picture, files: Files): string {
  const images = p.views.map((view, i) => {
    const path = `pictures/${p.id}${i === 0 ? "" : `-${view.name}`}.svg`;
    files[path] = asFile(view, p);
    return { path, name: view.name };
  });
  const data = `data/${p.id}.csv`;
  files[data] = p.csv;
  const links = [`[data](${data})`, ...images.slice(1).map(({ path, name }) => `[${name}](${path})`)];
  return [
    `**${escaped(p.title)}**`,
    `${escaped(p.subtitle)} (${links.join(", ")})`,
    `![${escaped(p.alt)}](${images[0].path})`,
  ].join("\n\n");
}

/** The report as Markdown, and the pictures and data that it links to. */
export function markdown({ title, question, facts, sections }: ReportDocument): { text: string; files: Files } {
  const files: Files = {};
  const parts = [
    `# ${escaped(title)}`,
    ...(question ? [`> ${escaped(question)}`] : []),
    facts.map(escaped).join(" · "),
    ...sections.flatMap((s) => [`## ${escaped(s.heading)}`, ...s.blocks.map((b) => block(b, files))]),
  ];
  return { text: `${parts.join("\n\n")}\n`, files };
}
