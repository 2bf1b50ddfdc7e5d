import { dashboardEn } from "./dashboard-en.ts";

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
  dashboard: dashboardEn,
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
  explorer: { title: "Loss explorer" },
  laboratory: { title: "Laboratory" },
};
