import type { MalformedMessages } from '@reckon/eventing'
import { nodes } from '@reckon/kubernetes'
import {
  type NodeKnowledge,
  type NodeSecretReply,
  type NodeSecretRequest,
  nodePlaceOf,
  nodeSecret,
  parseSecretRequest,
  publicKeyAnnotation,
} from '@reckon/node-plane'
import type { ApiPorts } from '../ports.ts'
import { answerAtHead } from './answer-at-head.ts'

/**
 * Answers nodes that ask for the value of a Secret, until the returned function is called. A node gets those that one
 * of its pods names, sealed to the key in its Node object.
 */
export function answerSecrets(
  ports: ApiPorts,
  knowledge: NodeKnowledge,
  malformed: MalformedMessages,
): () => void {
  const valueFor = (node: string, { namespace, name }: NodeSecretRequest): NodeSecretReply => {
    const secret = knowledge.secret(node, namespace, name)
    const { annotations } = ports.objects.get(nodes, '', node)?.object.metadata ?? {}
    const publicKey = annotations?.[publicKeyAnnotation]
    if (secret === undefined || !('data' in secret) || publicKey === undefined) return {}
    const text = JSON.stringify(secret)
    const sealed = ports.nodeSealing?.seal(publicKey, text, nodePlaceOf(node, secret))
    const { resourceVersion = '' } = secret.metadata
    return sealed ? { resourceVersion, sealed } : {}
  }
  return answerAtHead(ports, malformed, {
    subjectOf: nodeSecret,
    parse: parseSecretRequest,
    replyTo: valueFor,
  })
}
