import { natsKeyOf } from '@reckon/eventing/bus'
import {
  type CertificateSigningRequest,
  certificateSigningRequests,
  isTerminating,
  nodes,
  readCertificateRequest,
  subdomainProblem,
} from '@reckon/kubernetes'
import type { OtherObjects } from '../admission/admission.ts'

const signer = 'kubernetes.io/kube-apiserver-client-kubelet'
const userPrefix = 'system:node:'
const ed25519Bytes = 32
/** The validity of what is signed here. */
const secondsMax = 365 * 24 * 3600

/** The group in every node's certificate. */
export const nodesGroup = 'system:nodes'

/** The node that a user is, by its certificate. */
export const nodeOfUser = (name: string): string | undefined =>
  name.startsWith(userPrefix) ? name.slice(userPrefix.length) : undefined

/** Users of the wire that are services; their subjects have the same names. */
const services: readonly string[] = ['api', 'scheduler', 'replicator']

/** Why a name cannot be that of a joining machine; empty if it can. */
export const nodeNameProblem = (name: string): string =>
  services.includes(name) ? `the cluster has a service called ${name}` : subdomainProblem(name)

/** The node and the wire key that a CertificateSigningRequest is for; undefined for other requests. */
export function requestedNode({
  spec,
}: CertificateSigningRequest): { node: string; key: string } | undefined {
  if (spec.signerName !== signer) return undefined
  const read = readCertificateRequest(spec.request)
  if ('problem' in read || read.ed25519Key?.length !== ed25519Bytes) return undefined
  const node = nodeOfUser(read.commonName)
  if (node === undefined || nodeNameProblem(node) !== '') return undefined
  return { node, key: natsKeyOf(read.ed25519Key) }
}

/** What entitles a joined machine to be a node: the granted request, the machine's key, and until when. */
export type NodeAccess = {
  request: CertificateSigningRequest
  node: string
  key: string
  endsMs: number
}

/**
 * The valid requests of nodes. A granted request is valid until its certificate expires, it is deleted, or the Node
 * that it created is gone: credentials of a node that has left are worthless.
 */
export const heldRequests = (
  others: Pick<OtherObjects, 'get' | 'list'>,
  nowMs: number,
): readonly CertificateSigningRequest[] =>
  promisedRequests(others, nowMs).filter(({ status }) => Boolean(status?.certificate))

/** The valid requests, and the approved ones that will be valid once signed. */
const promisedRequests = (
  others: Pick<OtherObjects, 'get' | 'list'>,
  nowMs: number,
): readonly CertificateSigningRequest[] =>
  others.list(certificateSigningRequests).flatMap(({ object: request }) => {
    const isHeld = isPromised(request) && belongs(request, others) && endOf(request) > nowMs
    return isHeld && request.spec.signerName === signer ? [request] : []
  })

/** The names and keys of all nodes of other machines on the wire. */
export const nodeAccesses = (
  others: Pick<OtherObjects, 'get' | 'list'>,
  nowMs: number,
): readonly NodeAccess[] => heldRequests(others, nowMs).flatMap(accessBy)

/** The same, including nodes that are about to be granted access. */
export const promisedAccesses = (
  others: Pick<OtherObjects, 'get' | 'list'>,
  nowMs: number,
): readonly NodeAccess[] => promisedRequests(others, nowMs).flatMap(accessBy)

function accessBy(request: CertificateSigningRequest): NodeAccess[] {
  const asked = requestedNode(request)
  return asked === undefined ? [] : [{ request, ...asked, endsMs: endOf(request) }]
}

function isPromised(request: CertificateSigningRequest): boolean {
  const { conditions = [], certificate } = request.status ?? {}
  const has = (...types: string[]) => conditions.some(({ type }) => types.includes(type))
  const isGiven = Boolean(certificate) || has('Approved')
  return isGiven && !has('Denied', 'Failed') && !isTerminating(request)
}

/** Whether the request has no Node yet, or its Node exists. */
function belongs(
  { metadata: { ownerReferences = [] } }: CertificateSigningRequest,
  others: Pick<OtherObjects, 'get'>,
): boolean {
  return ownerReferences
    .filter(({ kind }) => kind === nodes.kind)
    .every(({ name, uid }) => others.get(nodes, '', name)?.object.metadata.uid === uid)
}

/** Counted from the approval: this ends a moment before the certificate itself. */
function endOf({ spec, status }: CertificateSigningRequest): number {
  const approval = status?.conditions?.find(({ type }) => type === 'Approved')
  const seconds = Math.min(spec.expirationSeconds ?? secondsMax, secondsMax)
  const fromMs = Date.parse(approval?.lastUpdateTime ?? '')
  return Number.isNaN(fromMs) ? Number.POSITIVE_INFINITY : fromMs + seconds * 1000
}
