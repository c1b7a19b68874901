/**
 * What takes long, worked out step by step: whoever asks lets others have their turn in between. To be ended by
 * `return` where it is not taken to its end.
 */
export type Steps<T> = Generator<undefined, T, undefined>
