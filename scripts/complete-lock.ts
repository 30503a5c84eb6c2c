import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'

/**
 * A registry that does not carry the packages of other platforms makes npm leave
 * their entries out of package-lock.json, and `npm ci` then refuses the file
 * everywhere. Adds them: version, platform, optional. `--check` only looks.
 */
interface LockedPackage {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
  readonly libc?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const systems = ['darwin', 'linux', 'win32', 'android', 'freebsd', 'openharmony', 'netbsd', 'openbsd', 'sunos', 'aix']
// arm last: arm64 contains it.
const processors = ['arm64', 'x64', 'ia32', 'riscv64', 'ppc64', 's390x', 'loong64', 'mips64el', 'wasm32', 'arm']

const path = fileURLToPath(new URL('../package-lock.json', import.meta.url))
const lock: {packages: Record<string, LockedPackage>} = JSON.parse(readFileSync(path, 'utf8'))
const missing: string[] = []
for (const [folder, locked] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
    const entry = `node_modules/${name}`
    if (entry in lock.packages) continue
    missing.push(name)
    lock.packages[entry] = platformEntry(name, version, locked.dev === true || folder === '')
  }
}

if (missing.length === 0) {
  process.stdout.write('package-lock.json is complete\n')
} else if (process.argv.includes('--check')) {
  process.stderr.write(`package-lock.json lacks ${missing.join(', ')}; run: npm run lock:complete\n`)
  process.exitCode = 1
} else {
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
  process.stdout.write(`added ${missing.length} entries to package-lock.json\n`)
}

function platformEntry(name: string, version: string, dev: boolean): LockedPackage {
  const system = systems.find(candidate => name.includes(candidate))
  const processor = processors.find(candidate => name.includes(candidate))
  return {
    version,
    ...(processor === undefined ? {} : {cpu: [processor]}),
    ...(dev ? {dev} : {}),
    ...(name.includes('musl') ? {libc: ['musl']} : name.includes('gnu') ? {libc: ['glibc']} : {}),
    optional: true,
    ...(system === undefined ? {} : {os: [system]}),
  }
}
