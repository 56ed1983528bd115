/** How clients get to a shard. */
export interface Admission {
  /** Where the client with this number connects, and its ticket; rejects when it is refused. */
  admit(index: number): Promise<Door>;
}

export interface Door {
  /** Address of the game socket, without its path for the ancestor's wire. */
  readonly address: string;
  readonly ticket: string;
}
