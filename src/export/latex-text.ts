/** Text as LaTeX has it. */

/** Signs with a meaning of their own. */
const SPECIAL: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  "#": "\\#",
  $: "\\$",
  "%": "\\%",
  "&": "\\&",
  _: "\\_",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

/** Signs that every engine has in mathematics alone. */
const MATHEMATICS: Record<string, string> = {
  α: "\\alpha",
  β: "\\beta",
  γ: "\\gamma",
  δ: "\\delta",
  Δ: "\\Delta",
  ε: "\\varepsilon",
  η: "\\eta",
  θ: "\\theta",
  κ: "\\kappa",
  λ: "\\lambda",
  μ: "\\mu",
  ρ: "\\rho",
  σ: "\\sigma",
  τ: "\\tau",
  ψ: "\\psi",
  "·": "\\cdot",
  "×": "\\times",
  "±": "\\pm",
  "−": "-",
  "→": "\\to",
  "≈": "\\approx",
  "≤": "\\le",
  "≥": "\\ge",
  "<": "<",
  ">": ">",
  "∞": "\\infty",
  "‖": "\\Vert",
  ...Object.fromEntries([..."₀₁₂₃₄₅₆₇₈₉"].map((sign, digit) => [sign, `_${digit}`])),
  "₊": "_+",
  "₋": "_-",
};

const OTHERS: Record<string, string> = { "…": "\\ldots{}", "–": "--", "“": "``", "”": "''", "\u2009": "\\," };

/** Runs of mathematical signs stand in one formula, so that an index stays with its letter. */
const MATHEMATICAL = new RegExp(`[${Object.keys(MATHEMATICS).join("")}]+`, "gu");

const spelled = (text: string, by: Record<string, string>): string =>
  Array.from(text, (sign) => by[sign] ?? sign).join("");

/** `focal γ=2` to `focal $\gamma$=2`. Letters of other scripts stay as they are. */
export function latexText(text: string): string {
  let result = "";
  let at = 0;
  for (const found of text.matchAll(MATHEMATICAL)) {
    result += spelled(text.slice(at, found.index), { ...SPECIAL, ...OTHERS });
    result += `$${Array.from(found[0], (sign) => MATHEMATICS[sign]).join(" ")}$`;
    at = found.index + found[0].length;
  }
  return result + spelled(text.slice(at), { ...SPECIAL, ...OTHERS });
}
