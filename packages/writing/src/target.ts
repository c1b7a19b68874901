import type { Resource } from '@reckon/kubernetes'

/** The object that is to be written. */
export type Target = { resource: Resource; namespace: string; name: string }
