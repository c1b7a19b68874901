import { brokenBy, preconditionOf } from './judge-writes.ts'
import { type AnsweredBy, type Claim, type Judging, violated } from './judging.ts'
import { type Asked, keyOf, type Ref } from './operation.ts'

type Why = Omit<Claim, 'operation'>

/** Refusals that say nothing of any object. */
const ofNothing = ['ServiceUnavailable', 'TooManyRequests']

/** What is refused is not recorded, and its reason was true at some moment between request and answer. */
export function judgeRefused(judging: Judging, operation: AnsweredBy<'Refused'>): void {
  const { log } = judging
  const { asked, answer, id } = operation
  const indices = log.ofRequest(id)
  const shown = { operations: [operation], indices }
  if (indices.length > 0) violated(judging, 'what is refused is not recorded', answer.reason, shown)
  // The version of a first page may be forgotten by the time of the next.
  const isOldPage = answer.reason === 'Expired' && asked.verb === 'list' && asked.after
  if (ofNothing.includes(answer.reason) || isOldPage) return
  const why = whyOf(asked, answer)
  if (why) judging.claims.push({ operation, ...why, ...newerThan(judging, asked) })
  else
    violated(judging, 'what may be done is not refused', `${answer.code} ${answer.reason}`, shown)
}

function whyOf(asked: Asked, { reason, about }: AnsweredBy<'Refused'>['answer']): Why | undefined {
  if (!('ref' in asked)) return undefined
  const { ref } = asked
  const key = keyOf(asked.verb === 'create' && about ? { ...ref, name: about.name } : ref)
  const home = keyOf({ resource: 'namespaces', namespace: '', name: ref.namespace })
  const what = `${reason} about ${key}`
  if (asked.verb === 'create') return whyNotCreated(reason, { key, home, ref })
  if (reason === 'NotFound') return { key, what, isTrue: (state) => state === undefined }
  const precondition = preconditionOf(asked)
  if (asked.verb === 'get' || !['Conflict', 'Invalid'].includes(reason)) return undefined
  // A JSON patch whose test fails is Invalid; what else is expected of an object makes a Conflict.
  const { token, ...expected } = precondition
  const wanted = reason === 'Invalid' ? (token === undefined ? {} : { token }) : expected
  if (Object.keys(wanted).length > 0) {
    return {
      key,
      what,
      isTrue: (state) => {
        if (state?.isClosed && token !== undefined) return true
        return state !== undefined && brokenBy(state, wanted) !== undefined
      },
    }
  }
  // Nothing was expected: others must have been faster again and again.
  return reason === 'Conflict' ? { key, what, isChange: true, isTrue: () => true } : undefined
}

function whyNotCreated(
  reason: string,
  { key, home, ref }: { key: string; home: string; ref: Ref },
): Why | undefined {
  if (reason === 'AlreadyExists') {
    return { key, what: `${key} was there`, isTrue: (state) => state !== undefined }
  }
  if (ref.namespace === '') return undefined
  if (reason === 'NotFound') {
    return { key: home, what: `there was no ${home}`, isTrue: (state) => state === undefined }
  }
  if (reason !== 'Forbidden') return undefined
  return { key: home, what: `${home} was terminating`, isTrue: (state) => !!state?.isTerminating }
}

/** A read that names a version may be of any moment, if only it is as new. */
function newerThan({ log }: Judging, asked: Asked): { newerThan?: number } {
  if (asked.verb !== 'get' || asked.version === undefined) return {}
  return { newerThan: log.upTo(asked.version) ?? -1 }
}
