import type { NodeAccess } from '@reckon/domain'
import { type CertificateSigningRequest, type Node, nodes } from '@reckon/kubernetes'

/** Makes the Node the request's owner, so that it is deleted with it. */
export type Step = { type: 'Own'; request: CertificateSigningRequest; node: Node }

/** Which requests to attach to the Node that they created. Pure. */
export const plan = (
  accesses: readonly NodeAccess[],
  nodeOf: (name: string) => Node | undefined,
): readonly Step[] =>
  accesses.flatMap(({ request, node: name }): Step[] => {
    const isOwned = request.metadata.ownerReferences?.some(({ kind }) => kind === nodes.kind)
    const node = nodeOf(name)
    return isOwned || node === undefined ? [] : [{ type: 'Own', request, node }]
  })

/** The request, owned by the Node. */
export function owned<T extends { metadata: CertificateSigningRequest['metadata'] }>(
  request: T,
  { metadata: { name, uid = '' } }: Node,
): T {
  const owner = { apiVersion: 'v1', kind: nodes.kind, name, uid }
  const owners = request.metadata.ownerReferences ?? []
  if (owners.some(({ uid }) => uid === owner.uid)) return request
  return { ...request, metadata: { ...request.metadata, ownerReferences: [...owners, owner] } }
}
