import type { Pod } from '@reckon/kubernetes'

/** A single change to try: it is made when the generator yields it, and must be undone before the next one. */
export type Trial = { readonly change: string; readonly pod: Pod; readonly undo?: () => void }

/** Yields trials one by one, and `Pause` where finding the next one takes long; during a pause nothing is changed. */
export type Trials = Iterable<Trial | 'Pause'>
