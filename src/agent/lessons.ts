import type { Instruction } from "../react.ts";

/** How many lessons are kept in mind, as in Reflexion. */
const LESSONS_KEPT = 3;

/** The instruction with what was learnt in earlier trials; as it is when nothing was. */
export function withLessons(instruction: Instruction, lessons: readonly string[]): Instruction {
  if (lessons.length === 0) return instruction;
  const kept = lessons.slice(-LESSONS_KEPT);
  const first = lessons.length - kept.length + 1;
  const notes = kept.map((lesson, place) => `- After trial ${first + place}: ${lesson.trim()}`);
  const memory = `You have tried this before and failed. What you noted then:\n${notes.join("\n")}`;
  const player = instruction.player?.trim();
  return { ...instruction, player: player ? `${player}\n${memory}` : memory };
}
