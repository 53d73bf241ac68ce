/** The place of a data set on a hub, and the right to write there. */
export interface HubTarget {
  /** The address of the hub, without a slash at its end. */
  readonly endpoint: string;
  /** A token with write access. It is sent to the endpoint and stands in no file and no message. */
  readonly token: string;
  /** Such as `owner/name`. */
  readonly repository: string;
}

/** Where a person finds the data set. */
export function hubPage({ endpoint, repository }: HubTarget): string {
  return `${endpoint}/datasets/${repository}`;
}
