/** A connection's number, unique in the life of the process; 0 is none. */
export type ConnectionId = number;
