import { PERTURBATIONS, type PerturbationName } from "./perturbation.ts";

/** A variant in parts. */
export interface VariantParts {
  /** The rules, and where problems and progress come from: what results must share to be comparable. */
  readonly rules: string;
  /** What is said in other words; null when nothing is. */
  readonly perturbation: PerturbationName | null;
}

/** The variant of a suite in other words. */
export function perturbedVariant(rules: string, perturbation: PerturbationName): string {
  return `${rules}, ${perturbation}`;
}

/** Takes apart a variant, such as {@link perturbedVariant} makes. */
export function variantParts(variant: string): VariantParts {
  const perturbation = PERTURBATIONS.find((name) => variant.endsWith(perturbedVariant("", name))) ?? null;
  if (perturbation === null) return { rules: variant, perturbation };
  return { rules: variant.slice(0, -perturbedVariant("", perturbation).length), perturbation };
}
