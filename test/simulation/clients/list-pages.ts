import type { Answer, Scope } from '../../histories/operation.ts'
import type { Random } from '../random.ts'
import type { Client } from './client.ts'
import { collectionPath, reading, selectorOf } from './requests.ts'

const pagesMax = 4

/** Lists a scope, at once or in pages, the newest state or any that the api has. */
export async function listPages(client: Client, random: Random, scope: Scope): Promise<void> {
  const version = random.chance(0.2) ? 0n : undefined
  const limit = random.chance(0.5) ? 1 + random.below(3) : undefined
  const asked = {
    verb: 'list',
    scope,
    ...(limit && { limit }),
    ...(version !== undefined && { version }),
  } as const
  const path = collectionPath(scope.resource, scope.namespace)
  const query = { labelSelector: selectorOf(scope), ...(limit && { limit: String(limit) }) }
  const first = { ...query, resourceVersion: version === undefined ? undefined : '0' }
  let { answer, token } = await client.list(asked, reading(path, first))
  for (let page = 1; page < pagesMax && token && isListed(answer); page++) {
    const after = answer.items.at(-1)?.ref
    if (after === undefined) return
    const next = { ...asked, version: answer.version, isExact: true, after }
    ;({ answer, token } = await client.list(next, reading(path, { ...query, continue: token })))
  }
}

const isListed = (answer: Answer): answer is Extract<Answer, { type: 'Listed' }> =>
  answer.type === 'Listed'
