import {readFileSync} from 'node:fs'
import * as nodeModule from 'node:module'

const TOOLKIT = 'es-toolkit/compat'
const STRING_WIDTH = 'string-width'

/**
 * Halves the time to the first frame, and makes every frame cheaper. To be called before
 * Ink is imported; what it returns is to be called afterwards.
 */
export function quickenInkImport(): () => void {
  const {fetch} = globalThis
  // Yoga reads its own code through fetch where there is one, and so loads a client for HTTP.
  Reflect.deleteProperty(globalThis, 'fetch')
  redirectImports()
  return () => {
    globalThis.fetch = fetch
  }
}

function redirectImports(): void {
  // Since Node 22.15; without it the UI only opens later.
  if (typeof nodeModule.registerHooks !== 'function') return
  nodeModule.registerHooks({
    resolve(specifier, context, nextResolve) {
      const from = context.parentURL
      if (specifier === TOOLKIT && importsOnlyThrottle(from)) {
        // For the sake of one function Ink imports an index of several hundred files.
        const {url} = nextResolve(`${TOOLKIT}/throttle`, context)
        return moduleOf(`export {default as throttle} from ${JSON.stringify(url)}`)
      }
      if (specifier === STRING_WIDTH && from !== cellWidthUrl) {
        return moduleOf(`export {cellWidth as default} from ${JSON.stringify(cellWidthUrl)}`)
      }
      return nextResolve(specifier, context)
    },
  })
}

const cellWidthUrl = new URL('draw/cell-width.js', import.meta.url).href

function moduleOf(source: string) {
  return {url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true}
}

/** Another version of Ink may import more, and would then fail to load. */
function importsOnlyThrottle(moduleUrl: string | undefined): boolean {
  if (moduleUrl?.startsWith('file:') !== true) return false
  return readFileSync(new URL(moduleUrl), 'utf8').includes(`import { throttle } from '${TOOLKIT}'`)
}
