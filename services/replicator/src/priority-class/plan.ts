import { type PriorityClass, systemPriorityClasses } from '@reckon/kubernetes'

export type Step = { type: 'CreateClass'; priorityClass: PriorityClass }

/** Creates the missing built-in classes. Pure. */
export const plan = (present: readonly PriorityClass[]): readonly Step[] =>
  systemPriorityClasses
    .filter(({ metadata: { name } }) => !present.some(({ metadata }) => metadata.name === name))
    .map((priorityClass) => ({ type: 'CreateClass', priorityClass }))
