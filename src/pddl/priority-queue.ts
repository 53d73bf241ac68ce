/** A queue that gives the item of the lowest priority first, and of equal ones the one that was added first. */
export interface PriorityQueue<Item> {
  add(priority: number, item: Item): void;
  take(): Item | undefined;
}

/** Makes an empty queue: one list for each priority, so that ties keep their order. Priorities are whole numbers. */
export function priorityQueue<Item>(): PriorityQueue<Item> {
  const buckets: { readonly items: Item[]; taken: number }[] = [];
  let lowest = 0;
  return {
    add: (priority, item) => {
      for (let i = buckets.length; i <= priority; i += 1) buckets.push({ items: [], taken: 0 });
      buckets[priority]?.items.push(item);
      lowest = Math.min(lowest, priority);
    },
    take: () => {
      for (; lowest < buckets.length; lowest += 1) {
        const bucket = buckets[lowest];
        if (bucket === undefined || bucket.taken >= bucket.items.length) continue;
        const item = bucket.items[bucket.taken];
        bucket.taken += 1;
        return item;
      }
      return undefined;
    },
  };
}
