import type { Machine } from "./machine.ts";

/**
 * The instructions that are nearly all that a program does: the machine's loop does them itself, by their number here.
 * 0 to 2 stand for those that perform, compute and test.
 */
export const COMMON = {
  loadByte: 3,
  loadWord: 4,
  storeByte: 5,
  storeWord: 6,
  isZero: 7,
  isEqual: 8,
  countDown: 9,
  countUp: 10,
  add: 11,
  assign: 12,
  jump: 13,
} as const;

/**
 * What an instruction does, and what stands in memory after its operands. One of `common`, `perform`, `computes` and
 * `tests` is there.
 */
export interface Definition {
  readonly common?: (typeof COMMON)[keyof typeof COMMON];
  /** Does all that the instruction does; beside `common`, when it has not two operands. */
  readonly perform?: (machine: Machine) => void;
  /** Its result, which is kept in sixteen bits; operands that it has not are 0. */
  readonly computes?: (first: number, second: number, machine: Machine) => number;
  /** Its condition, at which it branches. */
  readonly tests?: (first: number, second: number, machine: Machine) => boolean;
  readonly stores?: boolean;
  readonly branches?: boolean;
  readonly hasText?: boolean;
  /** It waits for input. */
  readonly reads?: "line" | "key";
}

/** A value of sixteen bits as a number with a sign. */
export function signed(value: number): number {
  return (value << 16) >> 16;
}
