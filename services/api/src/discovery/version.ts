import { servedVersion } from '@reckon/kubernetes'
import type { FastifyPluginAsync } from 'fastify'
import { authorizePath } from '../requests/request-context.ts'

/** GET /version: the version that kubectl compares with its own. */
export const version: FastifyPluginAsync = async (app) => {
  app.get('/version', async (request) => {
    authorizePath(request)
    return {
      ...servedVersion,
      gitCommit: '',
      gitTreeState: 'clean',
      buildDate: '1970-01-01T00:00:00Z',
      goVersion: `node${process.version}`,
      compiler: 'node',
      platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
    }
  })
}
