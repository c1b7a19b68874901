import { askSocket } from '@reckon/process/ask-socket'

const workersStarted = '/stats?filter=^listener_manager.workers_started$'

/** Whether the Envoy at this admin socket serves requests: at first it waits for its routes. */
export const isEnvoyServing = async (adminSocket: string): Promise<boolean> =>
  (await askSocket(adminSocket, workersStarted))?.endsWith(': 1\n') ?? false
