/**
 * A long computation in steps: the caller lets other work run between them. A caller that does not run it to its end
 * must end it with `return`.
 */
export type Steps<T> = Generator<undefined, T, undefined>
