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
/** What signers here make last no longer. */
const secondsMax = 365 * 24 * 3600

/** The group that every node's certificate names. */
export const nodesGroup = 'system:nodes'

/** The node that a user is, by its certificate. */
export const nodeOfUser = (name: string): string | undefined =>
  name.startsWith(userPrefix) ? name.slice(userPrefix.length) : undefined

/** The users of the wire that are services, and have subjects named after themselves. */
const services: readonly string[] = ['api', 'scheduler', 'replicator']

/** What is wrong with the name of a machine that is to join; empty where nothing is. */
export const nodeNameProblem = (name: string): string =>
  services.includes(name) ? `the cluster has a service called ${name}` : subdomainProblem(name)

/** For which node, and which key on the wire, this asks; undefined where it is no request of a node's. */
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

/** What lets a machine that has joined speak for a node: the request that was granted, its key, and until when. */
export type NodeAccess = {
  request: CertificateSigningRequest
  node: string
  key: string
  endsMs: number
}

/**
 * The requests of nodes that count. One that is granted does until its certificate ends, it is deleted, or the Node
 * that it brought into being is gone: what a node that has left still holds is of no use.
 */
export const heldRequests = (
  others: Pick<OtherObjects, 'get' | 'list'>,
  nowMs: number,
): readonly CertificateSigningRequest[] =>
  promisedRequests(others, nowMs).filter(({ status }) => Boolean(status?.certificate))

/** Those that count, and those that are approved and about to. */
const promisedRequests = (
  others: Pick<OtherObjects, 'get' | 'list'>,
  nowMs: number,
): readonly CertificateSigningRequest[] =>
  others.list(certificateSigningRequests).flatMap(({ object: request }) => {
    const isHeld = isPromised(request) && belongs(request, others) && endOf(request) > nowMs
    return isHeld && request.spec.signerName === signer ? [request] : []
  })

/** Everything by which nodes of other machines are known on the wire. */
export const nodeAccesses = (
  others: Pick<OtherObjects, 'get' | 'list'>,
  nowMs: number,
): readonly NodeAccess[] => heldRequests(others, nowMs).flatMap(accessBy)

/** The same, and everything by which they are about to be. */
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

/** Of no Node yet, or of one that is there. */
function belongs(
  { metadata: { ownerReferences = [] } }: CertificateSigningRequest,
  others: Pick<OtherObjects, 'get'>,
): boolean {
  return ownerReferences
    .filter(({ kind }) => kind === nodes.kind)
    .every(({ name, uid }) => others.get(nodes, '', name)?.object.metadata.uid === uid)
}

/** Counted from the approval: a moment before the certificate itself ends. */
function endOf({ spec, status }: CertificateSigningRequest): number {
  const approval = status?.conditions?.find(({ type }) => type === 'Approved')
  const seconds = Math.min(spec.expirationSeconds ?? secondsMax, secondsMax)
  const fromMs = Date.parse(approval?.lastUpdateTime ?? '')
  return Number.isNaN(fromMs) ? Number.POSITIVE_INFINITY : fromMs + seconds * 1000
}
