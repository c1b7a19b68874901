import {
  decodeValue,
  isJsonObject,
  isOf,
  type KubernetesObject,
  messageOf,
  type Node,
  nodes,
  parseApiVersion,
  resourceOfKind,
  withDefaults,
} from '@reckon/kubernetes'
import { documentsIn } from './documents.ts'

/**
 * The objects of a file of manifests, strictly decoded and defaulted as the API does; those without a namespace get
 * this one.
 */
export async function manifestsIn(file: string, namespace: string): Promise<KubernetesObject[]> {
  const documents = await documentsIn(file)
  return documents.flatMap(itemsIn).map((value) => {
    try {
      return objectOf(value, namespace)
    } catch (error) {
      throw new Error(`${file}: ${messageOf(error)}`, { cause: error })
    }
  })
}

/** The items of a List as kubectl writes it; any other object alone. */
const itemsIn = (value: unknown): unknown[] =>
  isJsonObject(value) && value.kind === 'List' && Array.isArray(value.items) ? value.items : [value]

function objectOf(value: unknown, namespace: string): KubernetesObject {
  const { apiVersion = '', kind = '' } = isJsonObject(value) ? value : {}
  const resource = resourceOfKind(String(apiVersion), String(kind))
  if (resource === undefined) throw new Error(`no kind "${kind}" of "${apiVersion}" is known`)
  const version = parseApiVersion(String(apiVersion))
  const { object } = decodeValue(resource, version, { value, fieldValidation: 'Strict' })
  const named = resource.namespaced ? { namespace } : {}
  return withDefaults(resource, { ...object, metadata: { ...named, ...object.metadata } })
}

/** The nodes of a file, ready and with the hostname label that a node sets on itself. */
export async function nodesIn(file: string): Promise<Node[]> {
  const found = await manifestsIn(file, '')
  return found.map((object) => {
    if (!isOf(nodes, object)) throw new Error(`${file}: a ${object.kind} is no Node`)
    const { metadata, status } = object
    if (!status?.allocatable) {
      throw new Error(`${file}: node ${metadata.name} does not say its status.capacity`)
    }
    const labels = { 'kubernetes.io/hostname': metadata.name, ...metadata.labels }
    return {
      ...object,
      metadata: { ...metadata, labels },
      status: { conditions: [{ type: 'Ready', status: 'True' }], ...status },
    }
  })
}
