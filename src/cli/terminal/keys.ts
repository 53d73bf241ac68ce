import { emitKeypressEvents, type Key } from "node:readline";
import type { Readable } from "node:stream";

/** What a person presses at a terminal, key by key. */
export interface Keys {
  /** The name of the next key: `r`, `?`, `up`, `pagedown`, `ctrl+c`; undefined when the terminal is gone. */
  next(): Promise<string | undefined>;
  /** Gives the terminal back as it was. */
  close(): void;
}

function setRaw(stdin: Readable, isRaw: boolean): void {
  if ("setRawMode" in stdin && typeof stdin.setRawMode === "function") stdin.setRawMode(isRaw);
}

function nameOf(text: string | undefined, { name, ctrl }: Key): string {
  const key = name ?? text ?? "";
  return ctrl === true ? `ctrl+${key}` : key;
}

/** Takes keys as they are pressed, until it is closed. */
export function readKeys(stdin: Readable): Keys {
  const pressed: string[] = [];
  let waiting: ((key: string | undefined) => void) | undefined;
  let isEnded = false;
  const press = (text: string | undefined, key: Key): void => {
    if (waiting === undefined) pressed.push(nameOf(text, key));
    else waiting(nameOf(text, key));
    waiting = undefined;
  };
  const end = (): void => {
    isEnded = true;
    waiting?.(undefined);
    waiting = undefined;
  };
  emitKeypressEvents(stdin);
  setRaw(stdin, true);
  stdin.on("keypress", press).on("end", end).on("close", end).resume();
  return {
    next: () => {
      const key = pressed.shift();
      if (key !== undefined || isEnded) return Promise.resolve(key);
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    close: () => {
      stdin.off("keypress", press).off("end", end).off("close", end).pause();
      setRaw(stdin, false);
      end();
    },
  };
}
