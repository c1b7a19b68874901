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
import type { UndoAnswer } from './undo-answer.ts'
import { undoPlan } from './undo-plan.ts'
import { askedBy, type UndoSelection, undoSelectionIn } from './undo-selection.ts'
import { undoneEvents } from './undone-events.ts'

/**
 * POST …/undo: takes back what a selection of changes did (`undo-selection.ts`), by ordinary changes whose cause is
 * what they undo; with `dryRun=All` it tells them only. What collides with later changes is 409, names each field, and
 * changes nothing. It needs the rights of the changes that it makes, and `past`.
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
    return answerPlan(ports, request, await undoPlan(ports, undone, signal), upTo)
  })
}

/** Before anything is read: who may read every past, or that of the namespace that is named. */
function authorizeSelection(request: FastifyRequest, selection: UndoSelection): void {
  if ('namespace' in selection) {
    const { namespace } = selection
    request.authorize({ verb: 'past', resource: { group: historyGroup, plural: '*' }, namespace })
  } else authorizeKinds(request, undefined)
}

/** What was recorded after it is left alone: the answer of a dry run says it. */
const upToIn = (body: unknown): bigint | undefined =>
  isJsonObject(body) && typeof body.upTo === 'string' ? parseVersion(body.upTo) : undefined
