/** What the pages say in English. Numbers and units are the same in all languages. */
export const en = {
  /** The language's name in itself. */
  name: "English",
  frame: {
    skip: "Skip to the page",
    pages: "Pages",
    language: "Language",
    theme: "Colours",
    themes: { auto: "auto", light: "light", dark: "dark" },
    loading: "Loading …",
    notLoaded: (reason: string) => `This page could not be loaded: ${reason}`,
    noPage: "There is no such page",
    noPageHint: (page: string) => `The address names “${page}”. These pages exist:`,
  },
  home: {
    title: "Home",
    heading: "A laboratory for classification losses",
    lead: "Look at losses and their gradients, and train networks on them side by side, in this tab.",
    explorer: {
      heading: "Loss explorer",
      text: "Values and gradients of losses over the probability of the target and the margin; a formula of your own beside them.",
      open: "Open the explorer",
    },
    laboratory: {
      heading: "Laboratory",
      text: "Train a small network with several losses on digits, on points in the plane, or on your own files, and watch what it learns.",
      open: "Open the laboratory",
    },
    privacy: "Everything is computed in this browser; nothing that you type or open leaves it.",
  },
  state: {
    wrong: "The address says what this page does not understand; it shows its defaults there.",
    fault: "Something went wrong:",
  },
  losses: {
    heading: "Losses",
    one: "loss",
    which: (place: number) => `Loss ${place}`,
    add: "Add a loss …",
    addFormula: "Type a formula",
    remove: (label: string) => `Remove ${label}`,
    own: "Name of a parameter of the formula",
    addOwn: "Add parameter",
    dropOwn: "Remove parameters",
    ownName: "a parameter's name begins with a letter: g, tau2",
  },
  explorer: {
    title: "Loss explorer",
    lead: "How much a loss punishes, and how hard its gradient pulls, by how sure the model is of the right class. Computed by the engine that trains with it.",
    controls: "Losses and view",
    view: "View",
    classes: "classes",
    p: "read at p",
    scale: "Scale",
    scales: { linear: "linear", log: "log" },
    axes: {
      p: "probability of the target, p",
      margin: "margin over the other logits",
      value: "loss",
      gradient: "gradient for the target's logit",
      size: "size of the gradient for the target's logit",
      cut: ", axis cut off",
      log: ", log axis",
    },
    seen: (p: string, most: string, least: string) =>
      `At p = ${p} the gradient's size is ${least ? `from ${most} to ${least}` : most}`,
    drawn: (classes: number) =>
      `${classes === 2 ? "two classes" : `${classes} classes, all but the target equally likely`} · logits (m, 0, …, 0) · every point a mini-batch of its own`,
    alt: (labels: string) =>
      `Loss and gradient of ${labels}, over the target's probability and over the margin. The table below has numbers.`,
    csv: "Data as CSV",
    readAt: (p: string, margin: string) => `p = ${p}, margin ${margin}`,
    maps: "Three classes",
    mapsHint:
      "Each point of a triangle is three probabilities: at a corner the model is sure of that class. Logits have mean 0. Each map has its own scale.",
    mapOf: "What the maps show",
    mapWords: { value: "loss", gradient: "size of the gradient" },
    mapAlt: (label: string, what: string, low: string, high: string) =>
      `${what} of ${label} over the probabilities of three classes, from ${low} to ${high}`,
    corners: ["target", "class 2", "class 3"],
    formulas: "Formulas",
    source: "Source",
  },
  laboratory: { title: "Laboratory" },
};
