import { type NodePlugin, scoreMax } from '../framework.ts'

const mebibyte = 1024 * 1024
const bytesMin = 23 * mebibyte
const bytesMaxPerContainer = 1000 * mebibyte

/**
 * Prefers nodes that have the pod's images already. An image counts by its size and by the share of nodes that have it,
 * so that not all pods follow one image. After kube-scheduler's ImageLocality.
 */
export const imageLocality: NodePlugin = {
  name: 'ImageLocality',
  points: ['score'],
  judges: 'node',
  prepare({ images: wanted }, { images, nodeCount }) {
    const known = wanted.map((image) => ({ image, state: images.stateOf(image) }))
    if (known.every(({ state }) => state === undefined)) return undefined
    const bytesMax = bytesMaxPerContainer * wanted.length
    const worth = known.map(({ state }) =>
      state ? Math.floor(state.sizeBytes * (state.nodeCount / nodeCount)) : 0,
    )
    return {
      score(_, slot) {
        const bytes = known.reduce(
          (sum, { image }, index) => sum + (images.has(slot, image) ? (worth[index] ?? 0) : 0),
          0,
        )
        const counted = Math.min(Math.max(bytes, bytesMin), bytesMax)
        return Math.floor((scoreMax * (counted - bytesMin)) / (bytesMax - bytesMin))
      },
    }
  },
}
