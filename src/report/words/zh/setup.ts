import type * as en from "../en/setup.ts";

export const setup: typeof en.setup = {
  heading: "实验设置",
  caption: "训练的内容。同一随机种子的各试验共用初始权重与批次顺序；每次试验都从全新的权重开始。",
  part: "项目",
  value: "取值",
  rows: {
    data: "数据",
    model: "模型",
    activation: "激活函数",
    loss: "损失函数",
    optimizer: "优化器",
    clip: "梯度裁剪",
    augment: "数据增强",
    schedule: "学习率调度",
    warmStart: "初始权重",
    ema: "权重平均",
    epochs: "轮数",
    batchSize: "批大小",
    seeds: "随机种子",
  },
  none: "无",
  file: ({ file }) => `研究文件（${file}）`,
};

export const environment: typeof en.environment = {
  heading: "运行环境",
  caption: "本次运行的软件版本与机器。",
  what: "项目",
  value: "取值",
  names: {
    node: "Node.js",
    platform: "平台",
    engine: "引擎版本",
    cpu: "处理器",
    cores: "核心数",
    memory: "内存",
    device: "设备",
  },
};

export const reproduce: typeof en.reproduce = {
  heading: "如何复现",
  save: ({ file, version }) =>
    `将上文的研究文件保存为 ${file}，${version === null ? "" : `用 losslab ${version} `}重新训练，再由新的运行生成本报告：`,
  again: ({ run }) =>
    `本报告由运行 ${run} 生成；\`losslab report ${run}\` 可由已存的测量结果再次生成，无需训练。相同的研究、版本与机器会得到逐位相同的数值，与工作线程数无关。`,
};
