import type { Pod } from '@reckon/kubernetes'

/** A single change to be tried: it is made when it is taken, and undone before the next one is. */
export type Trial = { readonly change: string; readonly pod: Pod; readonly undo?: () => void }
