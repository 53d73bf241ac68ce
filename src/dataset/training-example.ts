/**
 * A message of a training example. `loss` is the paper's 1(A_j) (Eq. 1): true on the assistant's correct turns,
 * false on its error turns, which stay as context, and null on the user's messages, which are never trained.
 */
export type TrainingMessage =
  | { readonly role: "user"; readonly content: string; readonly loss: null }
  | { readonly role: "assistant"; readonly content: string; readonly loss: boolean };

/**
 * One row of refinement-tuning data (paper section 3.3). The roles alternate, beginning with the user and ending
 * with the assistant; every content is trimmed, because some chat templates trim and others do not.
 */
export interface TrainingExample {
  /** The id of the persona from which the trajectory was made. */
  readonly id: string;
  readonly messages: readonly TrainingMessage[];
}
