/** A ConfigMap of about 1 KB. */
export const configMap = (name: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: { app: 'bench' } },
    data: { mark: markOf(0), text: 'reckoning '.repeat(80) },
  })

/** A merge patch that writes a number into the ConfigMap. */
export const patchTo = (number: number): string =>
  JSON.stringify({ data: { mark: markOf(number) } })

const markDigits = 9
const markKey = Buffer.from('"mark":"')

const markOf = (number: number): string => String(number).padStart(markDigits, '0')

/** The number in the ConfigMap of this line of a watch; undefined where there is none. */
export function markIn(line: Buffer): number | undefined {
  const at = line.indexOf(markKey)
  if (at < 0) return undefined
  const begin = at + markKey.length
  return Number(line.toString('latin1', begin, begin + markDigits))
}

/** A pod that no scheduler handles, so that in every cluster it stays as it was created. */
export const unscheduledPod = (name: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: 'bench', tier: 'web', 'pod-template-hash': '5d9c7b8f4' } },
    spec: {
      schedulerName: 'nobody',
      containers: [
        {
          name: 'web',
          image: 'registry.example.com/web:1.27.3',
          args: ['--listen=0.0.0.0:8080', '--log-level=info'],
          env: [
            { name: 'DATABASE_URL', value: 'postgres://web@database:5432/web' },
            { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ],
          ports: [{ name: 'http', containerPort: 8080 }],
          resources: {
            requests: { cpu: '100m', memory: '128Mi' },
            limits: { cpu: '500m', memory: '256Mi' },
          },
          readinessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 10 },
        },
      ],
    },
  })
