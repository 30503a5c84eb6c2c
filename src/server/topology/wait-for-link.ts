import type {ClusterNode, LinkState} from '../node-api/cluster-node.js'
import {NodeStartError} from '../node-api/node-errors.js'

export interface WaitForLinkOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** Resolves as soon as the node's log says that its link is in that state; rejects when it never will be. */
export function waitForLink(node: ClusterNode, wanted: LinkState, options: WaitForLinkOptions): Promise<void> {
  const {timeoutMs, signal} = options
  if (node.status().link === wanted) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const settle = (problem?: string) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      stopListening()
      if (problem === undefined) resolve()
      else reject(new NodeStartError({node: node.name, problem, lastLines: lastLines(node)}))
    }
    const onAbort = () => settle('an abort')
    const timer = setTimeout(
      () => settle(`link state '${node.status().link}' instead of '${wanted}' for ${timeoutMs} ms`),
      timeoutMs,
    )
    const stopListening = node.onEvent(({kind, text}) => {
      if (node.status().link === wanted) settle()
      else if (kind === 'crashed' || node.status().link === 'orphaned') settle(text)
    })
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
  })
}

function lastLines(node: ClusterNode): string[] {
  return node
    .logs()
    .slice(-3)
    .map(({text}) => text)
}
