/** One step of somebody's work with a cluster; `isShort` if it is part of the short form. */
type Deed = { command: string; isShort?: true }

const crd = JSON.stringify({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'orders.shop.example.com' },
  spec: {
    ...{ group: 'shop.example.com', scope: 'Namespaced' },
    names: { plural: 'orders', kind: 'Order', categories: ['all'] },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true },
        schema: { openAPIV3Schema: { type: 'object', properties: { size: { type: 'integer' } } } },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.size' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
    ],
  },
})
const order = (size: number) =>
  JSON.stringify({
    ...{ apiVersion: 'shop.example.com/v1', kind: 'Order', size },
    metadata: { name: 'first', namespace: 'shop' },
  })
const selector = (where: string) =>
  JSON.stringify({ spec: { template: { spec: { nodeSelector: { where } } } } })

/** An hour's work in a minute: deploy, scale, break, roll back, a custom resource, and everything deleted. */
export const hourOfWork: readonly Deed[] = [
  { command: 'kubectl create namespace shop', isShort: true },
  {
    command: `kubectl -n shop create deployment web --image=nginx --replicas=2
      kubectl -n shop rollout status deployment/web --timeout=30s`,
    isShort: true,
  },
  { command: 'kubectl -n shop expose deployment/web --port=80' },
  {
    command: `kubectl -n shop scale deployment/web --replicas=4
      kubectl -n shop rollout status deployment/web --timeout=30s`,
    isShort: true,
  },
  { command: 'kubectl -n shop create job once --image=busybox' },
  { command: 'kubectl -n shop create cronjob nightly --image=busybox --schedule="0 3 * * *"' },
  { command: `kubectl -n shop patch deployment/web -p '${selector('nowhere')}'`, isShort: true },
  { command: 'kubectl -n shop label deployment/web broken=yes' },
  {
    command: `kubectl -n shop rollout undo deployment/web
      kubectl -n shop rollout status deployment/web --timeout=30s`,
  },
  { command: 'kubectl -n shop label deployment/web broken-' },
  {
    command: `kubectl create -f - <<< '${crd}'
      kubectl wait crd/orders.shop.example.com --for=condition=established --timeout=30s
      rm -rf .kube/cache; kubectl create -f - <<< '${order(1)}'`,
    isShort: true,
  },
  { command: `kubectl apply -f - <<< '${order(2)}'` },
  { command: 'kubectl -n shop set image deployment/web nginx=nginx:2' },
  { command: 'kubectl -n shop rollout status deployment/web --timeout=30s' },
  { command: 'kubectl -n shop delete pod -l app=web --wait=false' },
  { command: 'kubectl -n shop rollout status deployment/web --timeout=30s' },
  { command: 'kubectl -n shop delete job once' },
  { command: 'kubectl delete crd orders.shop.example.com --timeout=30s', isShort: true },
  { command: 'kubectl -n shop scale deployment/web --replicas=0' },
  { command: 'kubectl delete namespace shop --timeout=30s', isShort: true },
]
