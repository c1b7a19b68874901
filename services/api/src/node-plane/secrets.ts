import type { MalformedMessages } from '@reckon/eventing'
import { isRefusal, nodes } from '@reckon/kubernetes'
import {
  answerNodes,
  type NodeKnowledge,
  type NodeRequest,
  type NodeSecretReply,
  type NodeSecretRequest,
  nodePlaceOf,
  nodeSecret,
  parseSecretRequest,
  publicKeyAnnotation,
  understood,
} from '@reckon/node-plane'
import type { ApiPorts } from '../ports.ts'

const waitMsMax = 3_000

/**
 * Answers nodes that ask for the value of a Secret, until the returned function is called: where a pod of the node names
 * it, sealed to the key that the Node tells.
 */
export function answerSecrets(
  ports: ApiPorts,
  knowledge: NodeKnowledge,
  malformed: MalformedMessages,
): () => void {
  const answer = async ({ node, subject, data, respond }: NodeRequest) => {
    const asked = understood(malformed, { subject, data }, parseSecretRequest)
    if (asked === undefined) return respond(encode({}))
    const isNewest = await ports.reader.waitForHead(waitMsMax)
    respond(encode(isNewest ? valueFor(node, asked) : {}))
  }
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
  return answerNodes({ bus: ports.bus, malformed }, nodeSecret, (request) => {
    void answer(request).catch((error: unknown) => {
      request.respond(encode({}))
      // Anything but a refusal is a bug: rejected here it ends the process.
      if (!isRefusal(error)) throw error
    })
  })
}

const encode = (reply: NodeSecretReply): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(reply))
