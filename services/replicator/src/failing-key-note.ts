import { involved, type Note, type StoredObject } from '@reckon/domain'
import { secondsOf } from '@reckon/kubernetes'
import type { Failing } from '@reckon/process'

/** What kubectl shows of an object that a controller's bug keeps from being reconciled; what broke says the log. Pure. */
export const failingKeyNote = (
  { object }: StoredObject,
  { controller, failing, nowMs }: { controller: string; failing: Failing; nowMs: number },
): Note => ({
  involvedObject: involved(object),
  type: 'Warning',
  reason: 'FailedReconcile',
  message: `an internal error keeps the ${controller} from reconciling this; it is logged and tried again`,
  source: { component: controller },
  count: failing.count,
  firstTimestamp: secondsOf(failing.firstAtMs),
  lastTimestamp: secondsOf(nowMs),
})
