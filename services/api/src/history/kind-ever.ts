import { defineCustom, effectOf, objectFold, streamOf } from '@reckon/domain'
import { readFolded } from '@reckon/eventing'
import {
  customResourceDefinitions,
  isRefusal,
  type Resource,
  ResourceTable,
} from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'
import { kindNamed } from './kind-named.ts'

/**
 * As `kindNamed`, but also finds a kind that no longer exists by its full name (`crontabs.stable.example.com`), as it
 * was last defined, because its objects are still in the log.
 */
export async function kindEver(ports: ApiPorts, name: string): Promise<Resource> {
  try {
    return kindNamed(ports.objects.resources, name)
  } catch (error) {
    const former = isRefusal(error, 'NotFound') ? await formerKind(ports, name) : undefined
    if (former === undefined) throw error
    return former
  }
}

async function formerKind({ log, objects }: ApiPorts, name: string): Promise<Resource | undefined> {
  const stream = streamOf(customResourceDefinitions, undefined, name.toLowerCase())
  const fold = objectFold(customResourceDefinitions, (event) => objects.keys.open(event))
  const backwards = { direction: 'backwards' } as const
  for await (const { type, revision } of log.readStream(stream, backwards)) {
    if (effectOf(customResourceDefinitions, type) === 'Deleted') continue
    const last = await readFolded(log, stream, fold, { from: revision })
    const table = new ResourceTable()
    const id = defineCustom(table, { after: last?.state?.object })
    return table.named(id ?? '')
  }
  return undefined
}
