import type { Kind } from '../model/kind.ts'
import type { Reading } from './read.ts'

/** What somebody wants to do to an object, as rights are named. */
export type Right = {
  kind: Kind
  namespace: string
  name: string
  verb: string
  subresource?: string
}

type Review = { status?: { allowed?: boolean } }

/** Whether the viewer may. */
export async function mayI(
  reading: Reading,
  { kind: { group, plural }, namespace, name, verb, subresource }: Right,
  signal: AbortSignal,
): Promise<boolean> {
  const resourceAttributes = {
    ...{ group, resource: plural, namespace, name, verb },
    ...(subresource && { subresource }),
  }
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes },
  }
  const path = 'apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const { status } = await reading.json<Review>(path, { method: 'POST', body, signal })
  return status?.allowed === true
}
