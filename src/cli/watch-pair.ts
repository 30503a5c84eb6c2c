import type {ClusterNode} from '../server/cluster-node.js'
import type {LinkTruth, LinkWatch} from '../server/link-watch.js'

export interface WatchedPair {
  /** null while nothing is known yet. */
  truth(): LinkTruth | null
  close(): Promise<void>
}

/**
 * Whether two running servers really replicate, where no log can be read.
 * @param probe writes probe keys on both, which is the only sure sign with the C program
 */
export function watchPair({nodes, probe}: {nodes: readonly [ClusterNode, ClusterNode]; probe: boolean}): WatchedPair {
  let watch: LinkWatch | undefined
  let closed = false
  const started = import('../server/link-watch.js').then(module => {
    if (closed) return
    watch = new module.LinkWatch({nodes, probe})
    watch.start()
  })
  return {
    truth: () => watch?.truth ?? null,
    async close() {
      closed = true
      await started
      await watch?.close()
    },
  }
}
