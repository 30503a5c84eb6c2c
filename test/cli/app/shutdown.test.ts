import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {buffer} from 'node:stream/consumers'
import {afterEach, beforeEach, describe, expect, it, type Mock, vi} from 'vitest'
import {Shutdown} from '../../../src/cli/app/shutdown.js'
import {type Output, Outputs} from '../../../src/cli/stdio/outputs.js'

const idleOutput: Output = {
  stream: process.stdout,
  failure: null,
  failed: new AbortController().signal,
  taken: 0,
  holdsProcess: false,
}
const idle = new Outputs({stdout: idleOutput, stderr: idleOutput})

let exit: Mock<(code?: unknown) => never>

beforeEach(() => {
  // The real one would end the test; what matters is when it is called, and with what.
  exit = vi.spyOn(process, 'exit').mockImplementation((() => undefined) as never) as typeof exit
})

afterEach(() => {
  vi.restoreAllMocks()
})

describe('shutdown', () => {
  it('asks the command to wind down on the first signal', () => {
    const shutdown = new Shutdown({outputs: idle})
    shutdown.request('SIGTERM')
    expect(shutdown.signal.aborted).toBe(true)
    expect(shutdown.received).toBe('SIGTERM')
    expect(exit).not.toHaveBeenCalled()
  })

  it('runs the cleanups, last added first and each once, before it ends', async () => {
    const shutdown = new Shutdown({outputs: idle})
    const order: string[] = []
    shutdown.add(() => void order.push('first added'))
    const takeBack = shutdown.add(() => void order.push('taken back'))
    shutdown.add(() => void order.push('last added'))
    takeBack()
    await shutdown.exit(0)
    await shutdown.exit(1)
    expect(order).toEqual(['last added', 'first added'])
    expect(exit.mock.calls).toEqual([[0], [1]])
  })

  it('runs the cleanups on the second signal, and on one more no longer waits for them', () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
    const shutdown = new Shutdown({outputs: idle})
    shutdown.add(() => new Promise(() => {}))
    shutdown.request('SIGINT')
    shutdown.request('SIGINT')
    expect(exit).not.toHaveBeenCalled()
    shutdown.request('SIGINT')
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGINT')
  })

  it('ends by its signal while a name is being looked up, for which an exit would wait', async () => {
    vi.spyOn(process, 'getActiveResourcesInfo').mockReturnValue(['GetAddrInfoReqWrap'])
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true)
    const shutdown = new Shutdown({outputs: idle})
    shutdown.request('SIGTERM')
    await shutdown.exit(143)
    expect(kill).toHaveBeenCalledWith(process.pid, 'SIGTERM')
  })

  it('lets all be read that was written, more than a pipe takes at a time', async () => {
    const file = (name: string) => new URL(`../../../dist/cli/${name}.js`, import.meta.url).href
    const script = `
      import {Shutdown} from '${file('app/shutdown')}'
      import {installStandardStreams} from '${file('stdio/standard-streams')}'
      const outputs = installStandardStreams()
      process.stdout.write('x'.repeat(10_000_000))
      await new Shutdown({outputs}).exit(3)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {stdio: ['ignore', 'pipe', 'inherit']})
    const [out] = await Promise.all([buffer(child.stdout), once(child, 'close')])
    expect([out.length, child.exitCode]).toEqual([10_000_000, 3])
  })

  it('takes a vanished terminal for one hang-up, however often it is noticed', () => {
    const shutdown = new Shutdown({outputs: idle})
    shutdown.add(() => new Promise(() => {}))
    shutdown.hangUp()
    shutdown.request('SIGHUP')
    void shutdown.close()
    shutdown.request('SIGHUP')
    shutdown.hangUp()
    expect(shutdown.received).toBe('SIGHUP')
    expect(exit).not.toHaveBeenCalled()
  })

  it('lets one failing cleanup not keep the others from running', async () => {
    const shutdown = new Shutdown({outputs: idle})
    const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const cleanup = vi.fn()
    shutdown.add(cleanup)
    shutdown.add(() => {
      throw new Error('broken')
    })
    await shutdown.exit(0)
    expect(cleanup).toHaveBeenCalledOnce()
    expect(stderr).toHaveBeenCalledWith('repbench: cleanup failed: broken\n')
  })

  describe('an error that nobody has caught', () => {
    const said = () => {
      const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
      return () => write.mock.calls.map(([text]) => text).join('')
    }

    it('is internal, unless the machine or another program is its cause', async () => {
      const text = said()
      await new Shutdown({outputs: idle}).fail(new TypeError('x is not a function'))
      const reset = Object.assign(new Error('read ECONNRESET'), {code: 'ECONNRESET', errno: -104, syscall: 'read'})
      await new Shutdown({outputs: idle}).fail(reset)
      expect(text()).toBe(
        'repbench: internal error: x is not a function (REPBENCH_DEBUG=1 shows where)\nrepbench: read: connection reset by peer\n',
      )
      expect(exit.mock.calls).toEqual([[70], [1]])
    })

    it('does not hide what a command has ended with', async () => {
      const text = said()
      const shutdown = new Shutdown({outputs: idle})
      const cleanup = Promise.withResolvers<void>()
      shutdown.add(() => cleanup.promise)
      const ended = shutdown.exit(3)
      await shutdown.fail(new TypeError('late'))
      cleanup.resolve()
      await ended
      expect(text()).toBe('')
      expect(exit.mock.calls).toEqual([[3]])
    })

    it('after Ctrl-C is of no account', async () => {
      const text = said()
      const shutdown = new Shutdown({outputs: idle})
      shutdown.request('SIGINT')
      await shutdown.fail(new TypeError('late'))
      expect(text()).toBe('')
      expect(exit.mock.calls).toEqual([[130]])
    })
  })
})
