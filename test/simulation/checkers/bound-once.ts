import type { Pod } from '@reckon/kubernetes'
import { Violation } from '../violation.ts'
import type { Checker } from './checker.ts'

/** A pod is bound at most once, whoever schedules. */
export const boundOnce = (): Checker => ({
  onRecorded({ event, change }) {
    const before = (change?.before?.object as Pod | undefined)?.spec?.nodeName
    if (change?.stored.object.kind !== 'Pod' || !before) return
    const after = (change.stored.object as Pod).spec.nodeName
    if (after === before && event.type !== 'PodScheduled') return
    throw new Violation('a pod is bound once', `${event.stream} from ${before} to ${after}`)
  },
})
