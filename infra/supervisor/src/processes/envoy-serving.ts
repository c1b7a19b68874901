import { askSocket } from '@reckon/process/ask-socket'

const workersStarted = '/stats?filter=^listener_manager.workers_started$'

/** Whether the Envoy at this admin socket takes requests: at first it waits until it knows where they go. */
export const isEnvoyServing = async (adminSocket: string): Promise<boolean> =>
  (await askSocket(adminSocket, workersStarted))?.endsWith(': 1\n') ?? false
