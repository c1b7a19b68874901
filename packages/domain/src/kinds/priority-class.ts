import { type PriorityClass, systemPriorityClasses } from '@reckon/kubernetes'
import type { KindRules } from './kind-rules.ts'

/** The system's classes cannot be deleted. */
export const priorityClassRules: KindRules<PriorityClass> = {
  undeletable: ({ metadata: { name } }) =>
    systemPriorityClasses.some(({ metadata }) => metadata.name === name)
      ? 'this is a system priority class and cannot be deleted'
      : undefined,
}
