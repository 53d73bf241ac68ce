/** The time that a piece of work took, in milliseconds. */
export interface WorkTime {
  /** Of this process alone, in user and system mode, over all its threads. */
  readonly cpu: number;
  readonly wall: number;
}

/** Times a piece of work. */
export async function clockWork(work: () => unknown): Promise<WorkTime> {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const wall = performance.now() - began;
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall };
}
