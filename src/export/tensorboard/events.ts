/**
 * Messages of TensorBoard's event files. Numbers are those of the fields in tensorflow/core/util/event.proto,
 * tensorflow/core/framework/summary.proto and tensorboard/plugins/hparams/plugin_data.proto.
 */
import { double, float, int, joined, message, text } from "./wire.ts";

/** An event at a time, in seconds since 1970. */
const event = (seconds: number, ...fields: Uint8Array[]): Uint8Array => joined([double(1, seconds), ...fields]);

/** What every file begins with. */
export const fileVersion = (seconds: number): Uint8Array => event(seconds, text(3, "brain.Event:2"));

/** Numbers by their tags, after so many epochs. */
export const scalars = (seconds: number, step: number, values: Readonly<Record<string, number>>): Uint8Array =>
  event(
    seconds,
    int(2, step),
    message(
      5,
      Object.entries(values).map(([tag, value]) => message(1, [text(1, tag), float(2, value)])),
    ),
  );

/** What tells one trial from others, in the table of hyperparameters. */
export type Hyperparameters = Readonly<Record<string, string | number>>;

const pluginData = (seconds: number, tag: string, content: Uint8Array): Uint8Array => {
  const plugin = message(1, [text(1, "hparams"), message(2, [int(1, 0), content])]);
  return event(seconds, message(5, [message(1, [text(1, tag), message(9, [plugin])])]));
};

/** @param group sessions of one group are averaged: the seeds of a configuration */
export function sessionStart(seconds: number, group: string, hyperparameters: Hyperparameters): Uint8Array {
  const entries = Object.entries(hyperparameters).map(([key, value]) =>
    message(1, [text(1, key), message(2, [typeof value === "number" ? double(2, value) : text(3, value)])]),
  );
  const info = message(3, [...entries, text(4, group), double(5, seconds)]);
  return pluginData(seconds, "_hparams_/session_start_info", info);
}

const STATUS = { success: 1, failure: 2, running: 3 } as const;

export const sessionEnd = (seconds: number, status: keyof typeof STATUS): Uint8Array =>
  pluginData(seconds, "_hparams_/session_end_info", message(4, [int(1, STATUS[status]), double(2, seconds)]));
