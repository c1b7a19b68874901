/** The version of Kubernetes whose API is served, as clients and dashboards read it. */
export const servedVersion = { major: '1', minor: '33', gitVersion: 'v1.33.0-reckon' } as const
