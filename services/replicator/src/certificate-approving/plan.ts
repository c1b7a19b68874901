import { type NodeAccess, nodesGroup, requestedNode, ruleAllows } from '@reckon/domain'
import {
  type CertificateSigningRequest,
  certificateSigningRequests,
  type Node,
  type PolicyRule,
  readCertificateRequest,
} from '@reckon/kubernetes'

export type Step = { type: 'Approve' | 'Deny'; reason: string; message: string }

/**
 * What the decision depends on besides the request: the sender's rights, the Node of that name, and who has a
 * certificate for it already.
 */
export type ApprovalContext = {
  rules: Iterable<PolicyRule>
  node: Node | undefined
  accesses: readonly NodeAccess[]
}

const kubeletUsages = ['client auth', 'digital signature', 'key encipherment']

/**
 * Decides the request of a node, as upstream's approver does: whoever may request this for a new node, or for its own,
 * is approved. A name that a Node has, or for which another machine is about to make a Node, is given to nobody else.
 * All other requests wait for a person. Pure.
 */
export function plan(
  request: CertificateSigningRequest,
  { rules, node, accesses }: ApprovalContext,
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
    const message = `there is a node ${asked.node} already: ${advice}`
    return [{ type: 'Deny', reason: 'NodeExists', message }]
  }
  const other = accesses.find((access) => access.node === asked.node && access.key !== asked.key)
  if (other !== undefined && !isOwn) {
    const { name } = other.request.metadata
    const advice = `"kubectl delete csr ${name}" takes it back, or join under another name`
    const message = `another machine is let in as ${asked.node} already: ${advice}`
    return [{ type: 'Deny', reason: 'NameGiven', message }]
  }
  const what = isOwn ? 'self kubelet client certificate' : 'kubelet client certificate'
  const message = `Auto approving ${what} after SubjectAccessReview.`
  return [{ type: 'Approve', reason: 'AutoApproved', message }]
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
