import {readdirSync, readFileSync} from 'node:fs'
import {rm, writeFile} from 'node:fs/promises'
import {dirname, join, relative, sep} from 'node:path'
import {fileURLToPath} from 'node:url'
import {type Plugin, rolldown} from 'rolldown'

/** Imports of Ink that are replaced. Why, with what was measured: docs/ui.md. */
const STRING_WIDTH = 'string-width'
const DEVTOOLS = './devtools.js'

/** With React's development build, Ink's production build would draw nothing, and say nothing. */
const HEADER = `// Ink, bundled by scripts/bundle-ink.ts. Licences: ink.licenses.txt
if (process.env.NODE_ENV !== 'production') {
  throw new Error(\`Expected NODE_ENV=production for the bundled Ink, got \${process.env.NODE_ENV}\`)
}
`

interface BundleOptions {
  /** The module that exports what is taken from Ink. */
  readonly entry: string
  /** The module whose `cellWidth` replaces string-width. Stays outside of the bundle, where it is in the sources. */
  readonly cellWidth: string
}

interface InkBundle {
  readonly code: string
  /** Licences of all packages in it, as text. */
  readonly licenses: string
}

/**
 * Ink with all that it imports, except React, as one module.
 * @throws Error which replacement no longer fits Ink
 */
export async function bundleInk({entry, cellWidth}: BundleOptions): Promise<InkBundle> {
  const unused = new Set([STRING_WIDTH, DEVTOOLS])
  const build = await rolldown({
    input: entry,
    platform: 'node',
    // Ink's components and ours need the same React.
    external: /^react($|\/)/,
    transform: {
      define: {
        // bin/repbench.js sees to it.
        'process.env.NODE_ENV': '"production"',
        // Where there is a fetch, Yoga reads its own code through it, and so loads a client for HTTP.
        fetch: 'undefined',
      },
    },
    plugins: [replaceImports({cellWidth: compiledPath(entry, cellWidth), unused})],
    onLog(level, log) {
      // An import of what a replacement does not export is a warning only.
      if (level === 'warn') throw new Error(`cannot bundle Ink: ${log.message}`)
    },
  })
  const {output} = await build.generate({format: 'esm', codeSplitting: false, comments: false})
  await build.close()
  if (unused.size > 0) {
    const names = [...unused].join(', ')
    throw new Error(
      `cannot bundle Ink: it no longer imports ${names}; remove the replacement from scripts/bundle-ink.ts`,
    )
  }
  const [{code, moduleIds}] = output
  return {code: `${HEADER}${code}`, licenses: licensesOf(moduleIds)}
}

function replaceImports({cellWidth, unused}: {cellWidth: string; unused: Set<string>}): Plugin {
  const sources: Readonly<Record<string, string>> = {
    [STRING_WIDTH]: `export {cellWidth as default} from ${JSON.stringify(cellWidth)}`,
    // Only loaded where DEV=true and its package is installed.
    [DEVTOOLS]: 'export {}',
  }
  return {
    name: 'replace-imports',
    resolveId(name) {
      if (name === cellWidth) return {id: name, external: true}
      if (!Object.hasOwn(sources, name)) return null
      unused.delete(name)
      return {id: `\0${name}`}
    },
    load: id => sources[id.replace('\0', '')] ?? null,
  }
}

/** How the compiled entry imports a module. */
function compiledPath(entry: string, module: string): string {
  const path = relative(dirname(entry), module).replaceAll(sep, '/')
  return `${path.startsWith('.') ? '' : './'}${path.replace(/\.ts$/, '.js')}`
}

function licensesOf(moduleIds: readonly string[]): string {
  const folders = new Set(moduleIds.flatMap(id => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []))
  const texts = [...folders].sort().map(folder => {
    const {name, version, license} = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const file = readdirSync(folder).find(entry => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
    return `${name} ${version} (${license})\n${text}`
  })
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

/** Replaces what tsc made of the entry. */
async function main(): Promise<void> {
  const fromRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
  const {code, licenses} = await bundleInk({
    entry: fromRoot('src/ui/paint/ink.ts'),
    cellWidth: fromRoot('src/ui/draw/cell-width.ts'),
  })
  const output = fromRoot('dist/ui/paint/ink.js')
  await writeFile(output, code)
  await writeFile(fromRoot('dist/ui/paint/ink.licenses.txt'), licenses)
  // It is that of the file replaced.
  await rm(`${output}.map`, {force: true})
}

if (import.meta.main) await main()
