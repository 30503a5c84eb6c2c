import {readdirSync, readFileSync, statSync} from 'node:fs'
import {dirname, join, normalize} from 'node:path'

/** The modules of a source tree and what each imports, types included; paths are relative to the checkout. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>

export interface FolderFigures {
  readonly folder: string
  readonly files: number
  /** The longest chain of imports inside the folder: what a reader climbs to its top. */
  readonly floors: number
  readonly longestFileLines: number
}

/** A static import or export, or a dynamic import, of a relative path. */
const importOf =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+'(\.[^']+)'|\bimport\('(\.[^']+)'\)|(?:^|\n)import\s+'(\.[^']+)'/g

/** Reads the import graph of every module below `root`. */
export function readImports(root: string): ImportGraph {
  const modules = new Set(listFiles(root).filter(path => /\.tsx?$/.test(path)))
  const graph = new Map<string, Set<string>>()
  for (const module of modules) {
    const imported = new Set<string>()
    for (const match of readFileSync(module, 'utf8').matchAll(importOf)) {
      const written = match[1] ?? match[2] ?? match[3]!
      const stem = normalize(join(dirname(module), written)).replace(/\.js$/, '')
      const target = [`${stem}.ts`, `${stem}.tsx`].find(path => modules.has(path))
      if (target !== undefined) imported.add(target)
    }
    graph.set(module, imported)
  }
  return graph
}

/** Groups of modules that import each other, directly or round about (Tarjan's strongly connected components). */
export function circles(graph: ImportGraph): string[][] {
  return components(graph).filter(component => component.length > 1)
}

/** One row a folder, sorted by path. */
export function folderFigures(graph: ImportGraph): FolderFigures[] {
  const folders = Map.groupBy(graph.keys(), path => dirname(path))
  return [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, files]) => {
      const inside = new Map(
        files.map(file => [file, new Set([...graph.get(file)!].filter(t => dirname(t) === folder))]),
      )
      return {
        folder,
        files: files.length,
        floors: floorsOf(inside),
        longestFileLines: Math.max(...files.map(file => readFileSync(file, 'utf8').split('\n').length - 1)),
      }
    })
}

/** How many modules exactly one other imports. */
export function importedOnce(graph: ImportGraph): number {
  const importers = new Map<string, number>()
  for (const targets of graph.values()) {
    for (const target of targets) importers.set(target, (importers.get(target) ?? 0) + 1)
  }
  return [...importers.values()].filter(count => count === 1).length
}

/** Components come lowest first, so that the height of what one imports is known before its own. */
function floorsOf(graph: ImportGraph): number {
  const heightOf = new Map<string, number>()
  for (const component of components(graph)) {
    const below = component.flatMap(module => [...graph.get(module)!]).map(target => heightOf.get(target) ?? 0)
    const height = 1 + Math.max(0, ...below)
    for (const module of component) heightOf.set(module, height)
  }
  return Math.max(0, ...heightOf.values())
}

function components(graph: ImportGraph): string[][] {
  const index = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (module: string): void => {
    const own = index.size
    index.set(module, own)
    lowest.set(module, own)
    stack.push(module)
    for (const target of graph.get(module)!) {
      if (!graph.has(target)) continue
      if (!index.has(target)) {
        visit(target)
        lowest.set(module, Math.min(lowest.get(module)!, lowest.get(target)!))
      } else if (stack.includes(target)) lowest.set(module, Math.min(lowest.get(module)!, index.get(target)!))
    }
    if (lowest.get(module) === own) found.push(stack.splice(stack.indexOf(module)))
  }
  for (const module of graph.keys()) if (!index.has(module)) visit(module)
  return found
}

function listFiles(folder: string): string[] {
  return readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? listFiles(path) : [path]
  })
}

if (import.meta.main) {
  const graph = readImports('src')
  const folders = folderFigures(graph)
  process.stdout.write(`${'files'.padStart(5)} ${'floors'.padStart(6)} ${'longest'.padStart(7)}  folder\n`)
  for (const {folder, files, floors, longestFileLines} of folders) {
    process.stdout.write(
      `${String(files).padStart(5)} ${String(floors).padStart(6)} ${String(longestFileLines).padStart(7)}  ${folder}\n`,
    )
  }
  process.stdout.write(
    `${graph.size} modules in ${folders.length} folders, ${circles(graph).length} circles, ${importedOnce(graph)} imported once\n`,
  )
}
