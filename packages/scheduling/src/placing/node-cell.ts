/**
 * The verdict on one node for one class of pods, as a number: from 0 on the score of a node that fits, below 0 the
 * rejection.
 */
export const absent = -1

export const rejectedCell = (rejection: number): number => -2 - rejection

/** The rejection that such a cell stands for. */
export const rejectionIn = (cell: number): number => -2 - cell
