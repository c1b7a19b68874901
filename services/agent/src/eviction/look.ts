import type { UsedBytes } from './rank.ts'
import type { Shortage } from './shortage.ts'

/** A shortage, and how much of the resource each pod uses. */
export type Scarcity = { shortage: Shortage; used: UsedBytes }

/** The result of a check; undefined where enough is left. */
export type Look = 'Unknown' | undefined | Scarcity
