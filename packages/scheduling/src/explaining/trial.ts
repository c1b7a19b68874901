import type { Pod } from '@reckon/kubernetes'

/** A single change to be tried: it is made when it is taken, and undone before the next one is. */
export type Trial = { readonly change: string; readonly pod: Pod; readonly undo?: () => void }

/** One after the other; in place of one a pause, where finding the next takes long: nothing is changed then. */
export type Trials = Iterable<Trial | 'Pause'>
