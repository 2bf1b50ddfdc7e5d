/** The pages by their addresses, in the order of the navigation. One line per page; what a page needs is loaded when it is opened. */
import type { Component } from "svelte";
import { served } from "./dashboard/server.svelte.ts";
import type { Messages } from "./messages/index.ts";

export interface Page {
  path: string;
  title: (messages: Messages) => string;
  load: () => Promise<{ default: Component }>;
  /** What a dashboard serves exists only there; and a page about one thing is reached from others. */
  only?: "dashboard";
  within?: string;
}

const ofRuns = { only: "dashboard", within: "runs" } as const;

const all: readonly Page[] = [
  { path: "", title: (m) => m.home.title, load: () => import("./home/Home.svelte") },
  { path: "explorer", title: (m) => m.explorer.title, load: () => import("./explorer/Explorer.svelte") },
  { path: "laboratory", title: (m) => m.laboratory.title, load: () => import("./laboratory/Laboratory.svelte") },
  { path: "runs", title: (m) => m.dashboard.title, load: () => import("./dashboard/Runs.svelte"), only: "dashboard" },
  { path: "run", title: (m) => m.dashboard.title, load: () => import("./dashboard/Run.svelte"), ...ofRuns },
  { path: "trial", title: (m) => m.dashboard.trial.title, load: () => import("./dashboard/Trial.svelte"), ...ofRuns },
  { path: "study", title: (m) => m.dashboard.study.title, load: () => import("./dashboard/Study.svelte"), ...ofRuns },
];

export const pages = all.filter(({ only }) => only !== "dashboard" || served);
