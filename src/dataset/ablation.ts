import type { TrainingExample, TrainingMessage } from "./training-example.ts";

/** The name of an ablation of the training loss, as the user gives it (paper Table 2). */
export type AblationName = "no-refinement-loss" | "erroneous-loss";

function assistantLosses(
  example: TrainingExample,
  lossOf: (loss: boolean, lossBefore: boolean | undefined) => boolean,
): TrainingExample {
  let before: boolean | undefined;
  const messages = example.messages.map((message): TrainingMessage => {
    if (message.role === "user") return message;
    const loss = lossOf(message.loss, before);
    before = message.loss;
    return { ...message, loss };
  });
  return { ...example, messages };
}

/** An ablation: what it makes of an example, and words for the command line's help. */
export interface Ablation {
  readonly makes: string;
  apply(example: TrainingExample): TrainingExample;
}

/**
 * The ablations of Table 2 that differ only in what is trained. A refinement turn is a correct turn right after an
 * error turn. The third one, data without any refinement, is not made from examples but generated.
 */
export const ABLATIONS: Readonly<Record<AblationName, Ablation>> = {
  "no-refinement-loss": {
    makes: "refinement turns are not trained either",
    apply: (example) => assistantLosses(example, (loss, before) => loss && before !== false),
  },
  "erroneous-loss": {
    makes: "error turns are trained too",
    apply: (example) => assistantLosses(example, () => true),
  },
};

/** The ablations that can be exported: of the loss (Table 2), and of the verification (Table 11). */
export const EXPORT_ABLATIONS = ["no-refinement-loss", "erroneous-loss", "no-verification"] as const;

export type ExportAblation = (typeof EXPORT_ABLATIONS)[number];
