import type { Game } from "./game.ts";

export function validActions(_game: Game): readonly string[] {
  return [];
}
