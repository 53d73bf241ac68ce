/** Does a piece of work `total` times, `atOnce` at a time; each that ends lets the next begin. */
export async function manyAtOnce(total: number, atOnce: number, work: () => Promise<void>): Promise<void> {
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < total) {
      begun += 1;
      await work();
    }
  };
  await Promise.all(Array.from({ length: Math.min(total, atOnce) }, worker));
}
