import { inDefault } from '../api.fixture.ts'
import {
  type FieldLists,
  fullObject,
  ownOfObject,
  type Part,
  specOf,
} from './field-lists.fixture.ts'

const replicator = 'services/replicator/src'
const nothingElse = { kept: {}, warned: [], refused: [] }
const addresses = 'subsets[].{addresses,notReadyAddresses}[]'
const toRead = 'for clients to read'

const endpoints: FieldLists = {
  actedOn: {
    [`${replicator}/endpoint-slice-mirroring/plan.test.ts`]: [
      `${addresses}.{hostname,ip,nodeName}`,
      `${addresses}.targetRef.{apiVersion,fieldPath,kind,name,namespace,resourceVersion,uid}`,
      'subsets[].ports[].{appProtocol,name,port,protocol}',
    ],
  },
  ...{ kept: ownOfObject, warned: [], refused: [] },
}

const endpointSlice: FieldLists = {
  actedOn: {
    'packages/routing/src/services/service-map.test.ts': [
      'addressType',
      'endpoints[].addresses',
      'endpoints[].conditions.{ready,serving,terminating}',
      'endpoints[].nodeName',
      'ports[].{name,port,protocol}',
    ],
    'packages/routing/src/services/dns-zone.test.ts': ['endpoints[].hostname'],
    'services/api/src/proxying/proxied-place.test.ts': [
      'endpoints[].targetRef.{kind,name,namespace}',
    ],
    'services/agent/src/pods/endpoints-gone.test.ts': ['endpoints[].targetRef.uid'],
  },
  kept: {
    ...ownOfObject,
    'endpoints[].targetRef.{apiVersion,fieldPath,resourceVersion}': toRead,
    'endpoints[].{deprecatedTopology,hints,zone}':
      'nothing goes by zones, and who wishes it of a Service is warned',
    'ports[].appProtocol': "the edge goes by the Service's own",
  },
  ...{ warned: [], refused: [] },
}

const event: FieldLists = {
  actedOn: {
    'packages/kubernetes/src/kinds/core/events.test.ts': [
      'involvedObject.{apiVersion,fieldPath,kind,name,namespace,resourceVersion,uid}',
      '{reason,reportingComponent,type}',
      'source.component',
    ],
  },
  kept: {
    ...ownOfObject,
    '{action,count,eventTime,firstTimestamp,lastTimestamp,message,related}': toRead,
    '{reportingInstance,series,source.host}': toRead,
  },
  ...{ warned: [], refused: [] },
}

/** The same by its other names. */
const eventV1: FieldLists = {
  actedOn: {
    'packages/kubernetes/src/kinds/core/events.test.ts': [
      '{note,regarding,reportingController}',
      '{deprecatedCount,deprecatedFirstTimestamp,deprecatedLastTimestamp}',
      'deprecatedSource.component',
      '{reason,type}',
    ],
  },
  kept: {
    ...ownOfObject,
    '{action,deprecatedSource.host,eventTime,related,reportingInstance,series}': toRead,
  },
  ...{ warned: [], refused: [] },
}

const ingressClassSpec: FieldLists = {
  actedOn: { 'packages/routing/src/ingresses/ingress-hosts.test.ts': ['controller'] },
  kept: {},
  warned: ['parameters'],
  refused: [],
}

/** What is kept as a whole, with a warning that says what does not happen. */
const warnedOf = (fields: readonly string[], text: string): FieldLists => ({
  ...{ actedOn: {}, ...nothingElse },
  warnedAs: Object.fromEntries(fields.map((field) => [field, text])),
})

const autoscaler = `${replicator}/horizontal-pod-autoscaler`
const averages = 'target.{averageUtilization,averageValue,type}'
const kinds = 'packages/kubernetes/src/kinds'
const policies = 'NetworkPolicies are kept: nothing keeps packets back'
const runtimes = 'RuntimeClasses are kept: every container has the same runtime'
const scaled = { maxReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'd' } }
const autoscaling = (version: string) =>
  specOf(`/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`, scaled)

/** Kinds that clients keep here, and those that say where something is. */
export const keptParts: readonly Part[] = [
  {
    ...{ name: 'Endpoints', schema: 'io.k8s.api.core.v1.Endpoints', lists: endpoints },
    ...fullObject(inDefault('endpoints')),
  },
  {
    name: 'an EndpointSlice',
    ...{ schema: 'io.k8s.api.discovery.v1.EndpointSlice', lists: endpointSlice },
    ...fullObject('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices'),
  },
  {
    ...{ name: 'an Event', schema: 'io.k8s.api.core.v1.Event', lists: event },
    ...fullObject(inDefault('events')),
  },
  {
    name: 'an Event of events.k8s.io/v1',
    ...{ schema: 'io.k8s.api.events.v1.Event', lists: eventV1 },
    ...fullObject('/apis/events.k8s.io/v1/namespaces/default/events'),
  },
  {
    ...{ name: 'a PodTemplate', schema: 'io.k8s.api.core.v1.PodTemplate' },
    lists: { actedOn: {}, ...nothingElse, kept: ownOfObject },
    ...fullObject(inDefault('podtemplates')),
    except: ['template'],
  },
  {
    ...{ name: 'a ControllerRevision', schema: 'io.k8s.api.apps.v1.ControllerRevision' },
    lists: {
      actedOn: { [`${replicator}/stateful-set/plan.test.ts`]: ['data', 'revision'] },
      ...{ kept: ownOfObject, warned: [], refused: [] },
    },
    ...fullObject('/apis/apps/v1/namespaces/default/controllerrevisions'),
  },
  {
    name: 'an IngressClass',
    ...{ schema: 'io.k8s.api.networking.v1.IngressClassSpec', lists: ingressClassSpec },
    ...specOf('/apis/networking.k8s.io/v1/ingressclasses', { controller: 'reckon.dev/envoy' }),
  },
  {
    name: 'a HorizontalPodAutoscaler',
    schema: 'io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec',
    lists: {
      actedOn: {
        [`${autoscaler}/plan.test.ts`]: [
          '{maxReplicas,minReplicas}',
          'metrics[].type',
          `metrics[].{containerResource,resource}.${averages}`,
          'metrics[].{containerResource,resource}.name',
          'metrics[].containerResource.container',
        ],
        [`${autoscaler}/scaling-rules.test.ts`]: [
          'behavior.{scaleDown,scaleUp}.{policies,selectPolicy,stabilizationWindowSeconds}',
        ],
        [`${autoscaler}/controller.test.ts`]: ['scaleTargetRef'],
      },
      kept: {
        'metrics[].{containerResource,resource}.target.value':
          'upstream, too, goes by averages alone',
      },
      warned: [],
      refused: ['metrics[].{external,object,pods}', 'behavior.{scaleDown,scaleUp}.tolerance'],
    },
    ...autoscaling('v2'),
  },
  {
    name: 'a HorizontalPodAutoscaler of autoscaling/v1',
    schema: 'io.k8s.api.autoscaling.v1.HorizontalPodAutoscalerSpec',
    lists: {
      actedOn: {
        [`${autoscaler}/plan.test.ts`]: ['{maxReplicas,minReplicas}'],
        [`${autoscaler}/controller.test.ts`]: ['scaleTargetRef'],
        [`${kinds}/autoscaling/horizontal-pod-autoscalers.test.ts`]: [
          'targetCPUUtilizationPercentage',
        ],
      },
      ...nothingElse,
    },
    ...autoscaling('v1'),
  },
  {
    name: 'a NetworkPolicy',
    schema: 'io.k8s.api.networking.v1.NetworkPolicySpec',
    lists: warnedOf(['egress', 'ingress', 'podSelector', 'policyTypes'], policies),
    ...specOf('/apis/networking.k8s.io/v1/namespaces/default/networkpolicies', { podSelector: {} }),
  },
  {
    ...{ name: 'a RuntimeClass', schema: 'io.k8s.api.node.v1.RuntimeClass' },
    lists: {
      ...warnedOf(['handler', 'overhead', 'scheduling'], runtimes),
      kept: ownOfObject,
    },
    ...fullObject('/apis/node.k8s.io/v1/runtimeclasses', { handler: 'h' }),
  },
]
