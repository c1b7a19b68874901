import { judgeSeen } from './judge-reads.ts'
import { type AnsweredBy, isAsShown, type Judging, violated } from './judging.ts'
import type { State } from './logged-event.ts'
import { type Asked, keyOf, type Operation, type Precondition, type Ref } from './operation.ts'

type Write = Extract<Asked, { verb: 'create' | 'update' | 'patch' | 'delete' }>

export const isWrite = (asked: Asked): asked is Write => 'ref' in asked && asked.verb !== 'get'

/** What was recorded for a request is what it asked for, once, on an object of which its precondition held. */
export function judgeRecorded(judging: Judging, operation: Operation): void {
  const { log, moments } = judging
  const { asked, invokedAt, id } = operation
  const indices = log.ofRequest(id)
  const [index] = indices
  if (index === undefined) return
  const shown = { operations: [operation], indices }
  if (!isWrite(asked)) {
    violated(judging, 'reads record nothing', asked.verb, shown)
    return
  }
  if (indices.length > 1)
    violated(judging, 'a request is recorded once', `${indices.length}`, shown)
  moments.recordedAfter(index, invokedAt, operation)
  const { ref, state } = log.at(index)
  const before = log.before(index)
  if (ref === undefined || !isAskedFor(asked, ref)) {
    violated(judging, 'what is recorded was asked for', 'another object', shown)
    return
  }
  if ('token' in asked && state && !state.isClosed && state.token !== asked.token) {
    violated(judging, 'what is recorded was asked for', `it has the token ${state.token}`, shown)
  }
  if ((before === undefined) !== (asked.verb === 'create')) {
    const what = before ? 'created though it was there' : `${asked.verb} of what was not there`
    violated(judging, 'what is written exists, what is created does not', what, shown)
  }
  const broken = before && brokenBy(before, preconditionOf(asked))
  if (broken) violated(judging, 'a precondition is not passed', broken, shown)
}

/** An acknowledged write is in the log as it was answered; or the log had it so already, and it was a read. */
export function judgeDone(judging: Judging, operation: AnsweredBy<'Done'>): void {
  const { log, moments } = judging
  const { asked, answer, id } = operation
  if (!isWrite(asked)) {
    judgeSeen(judging, operation)
    return
  }
  const [index] = log.ofRequest(id)
  if (index === undefined) {
    judgeUnchanged(judging, operation, asked)
    return
  }
  moments.recordedBefore(index, answer.at, operation)
  const { state, position, correlationId } = log.at(index)
  const { seen, auditId } = answer
  const shown = { operations: [operation], indices: [index] }
  const isAnswered = state
    ? seen.version === position && isAsShown(state, seen)
    : log.before(index)?.uid === seen.uid
  if (!isAnswered) violated(judging, 'a write answers what it recorded', `@${seen.version}`, shown)
  if (auditId !== undefined && auditId !== correlationId) {
    violated(judging, 'a write answers what it recorded', `Audit-Id ${auditId}`, shown)
  }
  if (asked.verb === 'create' && asked.ref.resource !== 'namespaces' && asked.ref.namespace) {
    judging.claims.push({
      operation,
      key: keyOf({ resource: 'namespaces', namespace: '', name: asked.ref.namespace }),
      what: `the namespace ${asked.ref.namespace} was active`,
      isTrue: (home) => home?.isTerminating === false,
      // Who writes may not know yet that it is dying: what is born in it then is removed again.
      newerThan: -1,
    })
  }
}

/** Nothing was recorded for it: so it was answered as a read is, and all that it asked for was so. */
function judgeUnchanged(judging: Judging, operation: AnsweredBy<'Done'>, asked: Write): void {
  const { log } = judging
  const index = log.indexAt(operation.answer.seen.version)
  const state = index === undefined ? undefined : log.at(index).state
  const isSo =
    asked.verb === 'delete'
      ? state?.isTerminating === true || state?.isClosed === true
      : asked.verb !== 'create' && state !== undefined && mayHave(state, asked.token)
  const shown = { operations: [operation], indices: index === undefined ? [] : [index] }
  if (!isSo) violated(judging, 'what is acknowledged is recorded', 'the log lacks it', shown)
  const broken = state && brokenBy(state, preconditionOf(asked))
  if (broken) violated(judging, 'a precondition is not passed', broken, shown)
  judgeSeen(judging, operation)
}

/** What is answered as gone was deleted by this very request. */
export function judgeGone(judging: Judging, operation: AnsweredBy<'Gone'>): void {
  const { log, moments } = judging
  const { answer, id } = operation
  const [index] = log.ofRequest(id)
  const shown = { operations: [operation], indices: index === undefined ? [] : [index] }
  if (index === undefined || log.at(index).state !== undefined) {
    violated(judging, 'what is acknowledged is recorded', 'the log lacks the end', shown)
    return
  }
  moments.recordedBefore(index, answer.at, operation)
  if (log.before(index)?.uid === answer.uid) return
  violated(judging, 'a write answers what it recorded', `uid ${answer.uid}`, shown)
}

export const preconditionOf = (asked: Asked): Precondition =>
  'precondition' in asked ? (asked.precondition ?? {}) : {}

const mayHave = (state: State, token: string): boolean =>
  state.isClosed === true || state.token === token

/** Why the precondition does not hold of this state; undefined where it holds. */
export function brokenBy(state: State, wanted: Precondition): string | undefined {
  const { version, uid, token } = wanted
  if (uid !== undefined && uid !== state.uid) return `uid ${uid} wanted, ${state.uid} found`
  if (token !== undefined && !mayHave(state, token)) return `${token} wanted, ${state.token} found`
  if (version === undefined || version === state.version) return undefined
  return `version ${version} wanted, ${state.version} found`
}

function isAskedFor(asked: Write, { name, ...home }: Ref): boolean {
  if (asked.verb !== 'create' || !asked.isNameGenerated) {
    return keyOf(asked.ref) === keyOf({ name, ...home })
  }
  const isGenerated = name.startsWith(asked.ref.name) && name !== asked.ref.name
  return isGenerated && keyOf({ ...asked.ref, name }) === keyOf({ name, ...home })
}
