import { isJsonObject } from '@reckon/kubernetes'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { historyGroup } from '../../past/past-of-request.ts'
import type { ApiPorts } from '../../ports.ts'
import { parsedJson, sentObject } from '../../requests/request-body.ts'
import { untilGone } from '../../requests/until-gone.ts'
import { parseVersion, waitForVersion } from '../../verbs/resource-version.ts'
import { historyPath } from '../events.ts'
import { authorizeKinds } from '../kinds-named.ts'
import { answerPlan } from './answer-plan.ts'
import { refuseUnknown } from './refuse-unknown.ts'
import type { UndoAnswer } from './undo-answer.ts'
import { undoPlan } from './undo-plan.ts'
import { askedBy, type UndoSelection, undoSelectionIn } from './undo-selection.ts'
import { undoneEvents } from './undone-events.ts'

/**
 * POST …/undo: reverts a selection of changes (`undo-selection.ts`) by ordinary changes whose cause is what they undo;
 * `dryRun=All` only returns the plan. A conflict with later changes is a 409 that names each field, and changes
 * nothing. The user needs the rights to make these changes, and `past`.
 */
export const undo: FastifyPluginAsync<{ ports: ApiPorts }> = async (app, { ports }) => {
  app.post(`${historyPath}/undo`, async (request, reply): Promise<UndoAnswer> => {
    const sent = sentObject(request)
    const body = 'text' in sent ? parsedJson(sent.text) : sent.value
    const selection = undoSelectionIn(body)
    authorizeSelection(request, selection)
    const signal = untilGone(reply)
    await waitForVersion(ports, {})
    const upTo = upToIn(body) ?? ports.objects.position ?? 0n
    const asked = await askedBy(ports, selection, signal)
    const { resources } = ports.objects
    const undone = await undoneEvents(resources, asked, { upTo, signal })
    if (undone.size === 0) await refuseUnknown(ports, selection, signal)
    return answerPlan(ports, request, await undoPlan(ports, undone, signal), upTo)
  })
}

/** Checked before anything is read: the right to every past, or to that of the namespace. */
function authorizeSelection(request: FastifyRequest, selection: UndoSelection): void {
  if ('namespace' in selection) {
    const { namespace } = selection
    request.authorize({ verb: 'past', resource: { group: historyGroup, plural: '*' }, namespace })
  } else authorizeKinds(request, undefined)
}

/** Later changes are left alone; the answer of a dry run names this position. */
const upToIn = (body: unknown): bigint | undefined =>
  isJsonObject(body) && typeof body.upTo === 'string' ? parseVersion(body.upTo) : undefined
