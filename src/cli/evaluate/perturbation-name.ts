import { nearest } from "../../config/nearest.ts";
import { PERTURBATIONS, type PerturbationName } from "../../environment/perturbations/perturbation.ts";
import { AgentRefineError } from "../../errors.ts";
import { evaluateWords } from "../evaluation-words.ts";

/** The perturbation of a name. Throws an AgentRefineError for another name, and for several. */
export function perturbationName(text: string): PerturbationName {
  const name = PERTURBATIONS.find((each) => each === text.trim());
  if (name !== undefined) return name;
  throw new AgentRefineError(
    text.includes(",")
      ? evaluateWords.onePerturbation(text)
      : evaluateWords.noPerturbation(text, PERTURBATIONS, nearest(text, PERTURBATIONS)),
  );
}
