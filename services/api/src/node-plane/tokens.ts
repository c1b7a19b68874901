import { named } from '@reckon/domain'
import type { MalformedMessages } from '@reckon/eventing'
import { isRefusal, nodes, pods, serviceAccounts } from '@reckon/kubernetes'
import {
  answerNodes,
  type NodeRequest,
  type NodeTokenReply,
  type NodeTokenRequest,
  nodeToken,
  parseTokenRequest,
  projectedTokens,
  publicKeyAnnotation,
  tokenPlaceOf,
  understood,
} from '@reckon/node-plane'
import { AccountTokens } from '../access/account-tokens.ts'
import type { ApiPorts } from '../ports.ts'

const waitMsMax = 3_000

/**
 * Answers nodes that ask for a token for one of their pods, until the returned function is called: of the account that the
 * pod runs as, bound to the pod, for an audience that one of its volumes names, sealed to the key that the Node tells.
 */
export function answerTokens(ports: ApiPorts, malformed: MalformedMessages): () => void {
  const tokens = new AccountTokens(ports)
  const answer = async ({ node, subject, data, respond }: NodeRequest) => {
    const asked = understood(malformed, { subject, data }, parseTokenRequest)
    const isNewest = asked !== undefined && (await ports.reader.waitForHead(waitMsMax))
    respond(encode(isNewest ? await tokenFor(node, asked) : {}))
  }
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
  return answerNodes({ bus: ports.bus, malformed }, nodeToken, (request) => {
    void answer(request).catch((error: unknown) => {
      request.respond(encode({}))
      // Anything but a refusal is a bug: rejected here it ends the process.
      if (!isRefusal(error)) throw error
    })
  })
}

const encode = (reply: NodeTokenReply): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(reply))
