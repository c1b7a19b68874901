import { eventTypes, streamOf } from '@reckon/domain'
import { namespaces } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'

const { created, deleted } = eventTypes(namespaces.kind)

/**
 * Whether a version lies before what bears a namespace's name now: what was there then is another's, also where the
 * user may read the present one. A namespace that is no longer there is a former one, too.
 */
export async function isOfFormerNamespace(
  { objects, log }: Pick<ApiPorts, 'objects' | 'log'>,
  name: string | undefined,
  version: bigint,
): Promise<boolean> {
  if (name === undefined) return false
  const present = objects.get(namespaces, '', name)
  // It was there when it was written last, and ever since.
  if (present && present.position <= version) return false
  const stream = streamOf(namespaces, undefined, name)
  for await (const { type, position } of log.readStream(stream, { direction: 'backwards' })) {
    if (type === created || type === deleted) return version < position
  }
  return false
}
