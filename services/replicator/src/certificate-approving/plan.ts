import { nodesGroup, requestedNode, ruleAllows } from '@reckon/domain'
import {
  type CertificateSigningRequest,
  certificateSigningRequests,
  type Node,
  type PolicyRule,
  readCertificateRequest,
} from '@reckon/kubernetes'

export type Step = { type: 'Approve' | 'Deny'; message: string }

/** What is known beside the request: what its sender may, and the Node of that name. */
export type ApprovalContext = { rules: Iterable<PolicyRule>; node: Node | undefined }

const kubeletUsages = ['client auth', 'digital signature', 'key encipherment']

/**
 * What to do about a request of a node: as upstream's approver, who may ask so for a new node, or for its own, gets it; a
 * name that a Node has is given to no other machine. All else waits for a person. Pure.
 */
export function plan(
  request: CertificateSigningRequest,
  { rules, node }: ApprovalContext,
): readonly Step[] {
  const { spec, status } = request
  const asked = requestedNode(request)
  const isDecided = (status?.conditions ?? []).length > 0
  if (asked === undefined || isDecided || !isOfNodes(request)) return []
  const isOwn = spec.username === `system:node:${asked.node}`
  const kind = isOwn ? 'selfnodeclient' : 'nodeclient'
  const access = { verb: 'create', resource: certificateSigningRequests, subresource: kind }
  if (![...rules].some((rule) => ruleAllows(rule, access))) return []
  if (node !== undefined && !isOwn) {
    const advice = 'delete it, or join under another name'
    return [{ type: 'Deny', message: `there is a node ${asked.node} already: ${advice}` }]
  }
  const what = isOwn ? 'self kubelet client certificate' : 'kubelet client certificate'
  return [{ type: 'Approve', message: `Auto approving ${what} after SubjectAccessReview.` }]
}

function isOfNodes({ spec }: CertificateSigningRequest): boolean {
  const read = readCertificateRequest(spec.request)
  return (
    !('problem' in read) &&
    read.organizations.length === 1 &&
    read.organizations[0] === nodesGroup &&
    (spec.usages ?? []).every((usage) => kubeletUsages.includes(usage))
  )
}
