import {existsSync} from 'node:fs'
import {registerHooks} from 'node:module'
import {fileURLToPath} from 'node:url'

const collector = new URL('./test-collector.ts', import.meta.url).href

/**
 * Makes Node load the sources under a folder: imports of `x.js` find `x.ts`, tests get the collector as `vitest`.
 *
 * @param folder URL, with a slash at its end
 * @param generation what was loaded with another one is loaded anew
 */
export function resolveSources(folder: string, generation: () => number): void {
  const modules = `${folder}node_modules/`
  registerHooks({
    resolve(specifier, context, next) {
      const parent = context.parentURL ?? ''
      if (specifier === 'vitest' && parent.startsWith(folder)) return {url: collector, shortCircuit: true}
      if (!specifier.startsWith('.') && !specifier.startsWith('file:')) return next(specifier, context)
      const url = new URL(specifier, parent === '' ? folder : parent)
      if (!url.href.startsWith(folder) || url.href.startsWith(modules)) return next(specifier, context)
      const path = fileURLToPath(url)
      const source = path.endsWith('.js')
        ? [`${path.slice(0, -3)}.ts`, `${path.slice(0, -3)}.tsx`].find(existsSync)
        : ''
      if (source) url.pathname = url.pathname.replace(/\.js$/, source.endsWith('x') ? '.tsx' : '.ts')
      const inherited = new URL(parent === '' ? folder : parent).searchParams.get('generation')
      url.searchParams.set('generation', inherited ?? String(generation()))
      return next(url.href, context)
    },
  })
}
