import type { ObjectChanged } from '@reckon/domain'
import { Violation } from '../violation.ts'
import type { World } from '../world.ts'
import type { Checker } from './checker.ts'

/** The content of a Secret is in the log only in sealed form. */
export const secrets = ({ history }: World): Checker => ({
  onRecorded() {
    const { type, stream, data } = history.events.at(-1) ?? {}
    if (!stream?.startsWith('secrets-') || data === undefined) return
    const { object, patch } = data as Partial<ObjectChanged>
    if (object === undefined && (patch === undefined || patch.length === 0)) return
    throw new Violation('a Secret is sealed', `${type} in ${stream} shows it`)
  },
})
