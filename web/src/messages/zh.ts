import { dashboardZh } from "./dashboard-zh.ts";
import type { Messages } from "./index.ts";

/** 页面上的中文文字。 */
export const zh: Messages = {
  name: "中文",
  frame: {
    skip: "跳到页面内容",
    pages: "页面",
    language: "语言",
    theme: "配色",
    themes: { auto: "自动", light: "浅色", dark: "深色" },
    loading: "正在加载 …",
    notLoaded: (reason) => `无法加载此页面：${reason}`,
    noPage: "没有这个页面",
    noPageHint: (page) => `地址中写的是“${page}”。现有的页面：`,
  },
  dashboard: dashboardZh,
  home: {
    title: "首页",
    heading: "分类损失函数实验室",
    lead: "查看损失函数及其梯度，并在此标签页中并排训练使用它们的网络。",
    explorer: {
      heading: "损失函数浏览器",
      text: "损失值与梯度随目标概率和间隔的变化；可与自己写的公式比较。",
      open: "打开浏览器",
    },
    laboratory: {
      heading: "实验室",
      text: "用多种损失函数在手写数字、平面点集或自己的文件上训练小型网络，观察它学到了什么。",
      open: "打开实验室",
    },
    privacy: "一切都在此浏览器中计算；您输入或打开的内容不会离开它。",
  },
  explorer: { title: "损失函数浏览器" },
  laboratory: { title: "实验室" },
};
