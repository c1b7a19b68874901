import { named } from '@reckon/domain'
import type { MalformedMessages } from '@reckon/eventing'
import { nodes, pods, serviceAccounts } from '@reckon/kubernetes'
import {
  type NodeTokenReply,
  type NodeTokenRequest,
  nodeToken,
  parseTokenRequest,
  projectedTokens,
  publicKeyAnnotation,
  tokenPlaceOf,
} from '@reckon/node-plane'
import { AccountTokens } from '../access/account-tokens.ts'
import type { ApiPorts } from '../ports.ts'
import { answerAtHead } from './answer-at-head.ts'

/**
 * Answers nodes that ask for a token for one of their pods, until the returned function is called: a token of the pod's
 * service account, bound to the pod, for an audience that one of its volumes names, sealed to the key in the Node
 * object.
 */
export function answerTokens(ports: ApiPorts, malformed: MalformedMessages): () => void {
  const tokens = new AccountTokens(ports)
  const tokenFor = async (node: string, asked: NodeTokenRequest): Promise<NodeTokenReply> => {
    const { namespace, name, uid, audience } = asked
    const pod = ports.objects.get(pods, namespace, name)?.object
    if (pod === undefined || pod.metadata.uid !== uid || pod.spec.nodeName !== node) return {}
    const wanted = projectedTokens(pod).find((each) => each.audience === audience)
    const accountName = pod.spec.serviceAccountName ?? ''
    const account = ports.objects.get(serviceAccounts, namespace, accountName)?.object
    const own = ports.objects.get(nodes, '', node)?.object
    const publicKey = own?.metadata.annotations?.[publicKeyAnnotation]
    if (!wanted || !account || !own || publicKey === undefined) return {}
    const { lastsSeconds } = wanted
    const bound = { pod: named(pod), node: named(own) }
    const audiences = audience === '' ? [] : [audience]
    const { token } = await tokens.issue({ account, bound, audiences, lastsSeconds })
    const sealed = ports.nodeSealing?.seal(publicKey, token, tokenPlaceOf(node, asked))
    return sealed ? { lastsSeconds, sealed } : {}
  }
  return answerAtHead(ports, malformed, {
    subjectOf: nodeToken,
    parse: parseTokenRequest,
    replyTo: tokenFor,
  })
}
