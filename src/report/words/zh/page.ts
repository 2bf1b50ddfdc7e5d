import type * as en from "../en/page.ts";

export const page: typeof en.page = {
  code: "zh-CN",
  contents: "目录",
  skip: "跳至正文",
  colours: "配色",
  themes: { auto: "跟随系统", light: "浅色", dark: "深色" },
  singleSeeds: "显示各个种子",
  series: "显示",
  all: "全部",
  curvesHint: "方向键沿曲线读数，空格键显示或隐藏",
  data: "数据（CSV）",
  states: { running: "进行中", paused: "已暂停", interrupted: "已中断", finished: "已结束" },
  run: ({ id }) => `运行 ${id}`,
  started: ({ at }) => `始于 ${at} UTC`,
  trials: ({ trials, outcomes }) => `${trials} 次试验：${outcomes}`,
  noTrials: "无",
  outcome: ({ n, status }) => `${n} 次${status}`,
  table: ({ n }) => `表 ${n}`,
  figure: ({ n }) => `图 ${n}`,
  separator: "，",
  epochValue: ({ epoch }) => `第 ${epoch} 轮`,
};
