import type { ApiPorts } from '../ports.ts'
import { objectAt } from './object-at.ts'
import type { Past } from './past.ts'

/** The past of the view, from the log. */
export const openPast = (ports: Pick<ApiPorts, 'log' | 'objects'>): Past => ({
  at: (position) => ({
    get: (resource, namespace, name) => objectAt(ports, { resource, namespace, name, position }),
  }),
})
