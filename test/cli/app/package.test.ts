import {execFile} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {binPath} from '../../helpers/run-repbench.js'

const run = promisify(execFile)
const checkout = fileURLToPath(new URL('../../..', import.meta.url))
/** An install from the registry on a busy machine. */
const INSTALL_LIMIT_MS = 300_000

// The shebang and npm must find the runtime that runs this test, not an older one of the machine.
const env = {
  ...process.env,
  PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
  npm_config_update_notifier: 'false',
}

describe('the package', () => {
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'repbench-package-'))
  })

  afterAll(async () => {
    await rm(folder, {recursive: true, force: true})
  })

  it('installs from its tarball elsewhere and runs there', {timeout: INSTALL_LIMIT_MS}, async () => {
    // The build is there already: building again would disturb tests that run beside this one.
    const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: checkout,
      env,
    })
    const [{filename, files}] = JSON.parse(packed.stdout) as [{filename: string; files: {path: string}[]}]
    const paths = files.map(file => file.path)
    expect(paths).toContain('bin/repbench.js')
    expect(paths).toContain('README.md')
    expect(paths).toContain('schema/profile.schema.json')
    expect(paths.filter(name => /^(src|test|benchmarks|node_modules)\//.test(name))).toEqual([])

    const target = path.join(folder, 'elsewhere')
    await run('npm', ['install', '--prefix', target, '--omit=dev', '--prefer-offline', path.join(folder, filename)], {
      env,
    })
    const installed = path.join(target, 'node_modules', '.bin', 'repbench')
    const version = await run(installed, ['--version'], {env})
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const verified = await run(installed, ['verify', '--json'], {env})
    expect(JSON.parse(verified.stdout)).toMatchObject({verdict: 'pass'})
    // The UI brings its Ink along.
    expect(existsSync(path.join(target, 'node_modules', 'ink'))).toBe(false)
    const ui = path.join(target, 'node_modules', 'repbench', 'dist', 'ui', 'shell', 'start-ui.js')
    const loaded = await run(
      process.execPath,
      ['--eval', `import(${JSON.stringify(ui)}).then(ui => console.log(typeof ui.startUi))`],
      {env: {...env, NODE_ENV: 'production'}},
    )
    expect(loaded.stdout).toBe('function\n')
  })

  it('runs through npm link', {timeout: INSTALL_LIMIT_MS}, async () => {
    const prefix = path.join(folder, 'linked')
    await run('npm', ['link', '--ignore-scripts'], {
      cwd: checkout,
      env: {...env, npm_config_prefix: prefix},
    })
    const {stdout} = await run(path.join(prefix, 'bin', 'repbench'), ['--help'], {env})
    expect(stdout).toContain('Usage: repbench')
  })

  it('runs through npx in the checkout', {timeout: INSTALL_LIMIT_MS}, async () => {
    const {stdout} = await run('npx', ['repbench', '--version'], {cwd: checkout, env})
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('an old Node', () => {
  const line = /^repbench: expected Node\.js 22\.12 or newer, got (\d+\.\d+\.\d+) \(.*\)\n$/

  async function runUnder(node: string, args: readonly string[]) {
    return run(node, [...args, binPath, 'verify']).then(
      () => expect.fail('it ran'),
      (error: {code: number; stdout: string; stderr: string}) => error,
    )
  }

  it('is refused in one line', async () => {
    const pretend = `Object.defineProperty(process, 'versions', {value: {...process.versions, node: '20.11.1'}})`
    const {code, stdout, stderr} = await runUnder(process.execPath, ['--import', `data:text/javascript,${pretend}`])
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toMatch(line)
    expect(stderr).toContain('got 20.11.1')
  })

  const systemNode = '/usr/bin/node'
  it('that this machine has is refused in one line', async context => {
    const version = existsSync(systemNode) ? (await run(systemNode, ['--version'])).stdout : ''
    const major = Number(/^v(\d+)/.exec(version)?.[1] ?? Number.NaN)
    if (!(major < 22)) return context.skip(`no Node older than 22 at ${systemNode}`)
    const {code, stderr} = await runUnder(systemNode, [])
    expect(code).toBe(2)
    expect(stderr).toMatch(line)
  })
})
