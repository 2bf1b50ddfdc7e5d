/** The pages by their addresses, in the order of the navigation. One line per page; what a page needs is loaded when it is opened. */
import type { Component } from "svelte";
import type { Messages } from "./messages/index.ts";

export interface Page {
  path: string;
  title: (messages: Messages) => string;
  load: () => Promise<{ default: Component }>;
}

export const pages: readonly Page[] = [
  { path: "", title: (m) => m.home.title, load: () => import("./home/Home.svelte") },
  { path: "explorer", title: (m) => m.explorer.title, load: () => import("./explorer/Explorer.svelte") },
  { path: "laboratory", title: (m) => m.laboratory.title, load: () => import("./laboratory/Laboratory.svelte") },
];
