/**
 * Thrown inside a level generator when the drawn level is of no use; the generation then starts anew and goes
 * on drawing from the same random stream. It never leaves {@link generateLevel}.
 */
export class SamplingRejected extends Error {
  override readonly name = "SamplingRejected";
}
