import type Docker from 'dockerode'

const container = `{ name: sleep, image: busybox, imagePullPolicy: IfNotPresent, command: [sleep, '3600'] }`

/** A pod of one container, whose image is on the machine. */
export const sleeper = (name: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name} }
spec: { containers: [${container}] }
`

/** A Deployment of such pods. */
export const sleepers = (name: string, replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { terminationGracePeriodSeconds: 0, containers: [${container}] }
`

/** What an agent asks of Docker for such a pod, and no more, through its API; for comparison. */
export class DockerPods {
  readonly #docker: Docker
  readonly #containers: Docker.Container[] = []
  #started = 0

  /** The network of the cluster's pods must exist. */
  constructor(docker: Docker) {
    this.#docker = docker
  }

  async start(name: string): Promise<void> {
    // In the range of a node that does not exist.
    const IPv4Address = `10.244.200.${2 + this.#started++}`
    const network = await this.#run({
      name: `${name}-network`,
      Image: 'reckon/pause:1',
      HostConfig: { NetworkMode: 'reckon-pods', IpcMode: 'shareable' },
      NetworkingConfig: { EndpointsConfig: { 'reckon-pods': { IPAMConfig: { IPv4Address } } } },
    })
    const shared = `container:${network}`
    await this.#run({
      name: `${name}-own`,
      Image: 'busybox',
      Entrypoint: ['sleep', '3600'],
      HostConfig: { NetworkMode: shared, IpcMode: shared },
    })
  }

  async removeAll(): Promise<void> {
    this.#started = 0
    const all = this.#containers.splice(0).map((each) => each.remove({ force: true }))
    await Promise.all(all)
  }

  async #run(options: Docker.ContainerCreateOptions): Promise<string> {
    const created = await this.#docker.createContainer(options)
    this.#containers.push(created)
    await created.start()
    return created.id
  }
}
