import type { UsedBytes } from './rank.ts'
import type { Shortage } from './shortage.ts'

/** Something is short, and what pods use of it. */
export type Scarcity = { shortage: Shortage; used: UsedBytes }

/** What a look has shown; undefined where enough is left. */
export type Look = 'Unknown' | undefined | Scarcity
