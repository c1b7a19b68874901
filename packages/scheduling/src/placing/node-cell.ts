/**
 * What is known of one node for one sort of pods, as one number: from 0 what a node that suits is, below what keeps
 * pods off.
 */
export const absent = -1

export const rejectedCell = (rejection: number): number => -2 - rejection

/** The rejection that such a cell stands for. */
export const rejectionIn = (cell: number): number => -2 - cell
