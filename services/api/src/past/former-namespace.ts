import { eventTypes, streamOf } from '@reckon/domain'
import { namespaces } from '@reckon/kubernetes'
import type { ApiPorts } from '../ports.ts'

const { created, deleted } = eventTypes(namespaces.kind)

/**
 * Whether a version is older than the namespace that has this name now. What existed then belonged to another
 * namespace, whose objects the user may not be allowed to read even where the present one is allowed. A deleted
 * namespace counts as a former one, too.
 */
export async function isOfFormerNamespace(
  { objects, log }: Pick<ApiPorts, 'objects' | 'log'>,
  name: string | undefined,
  version: bigint,
): Promise<boolean> {
  if (name === undefined) return false
  const present = objects.get(namespaces, '', name)
  // It existed at its last write, and has existed ever since.
  if (present && present.position <= version) return false
  const stream = streamOf(namespaces, undefined, name)
  for await (const { type, position } of log.readStream(stream, { direction: 'backwards' })) {
    if (type === created || type === deleted) return version < position
  }
  return false
}
