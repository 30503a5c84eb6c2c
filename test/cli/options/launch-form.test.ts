import {describe, expect, it} from 'vitest'
import {launchForm, launchOptionsOf} from '../../../src/cli/options/launch-form.js'

const problems = (given: Record<string, string>) => launchForm.resolve(given).problems

describe('the launch form', () => {
  it('has a field for every option of repbench up that says how nodes are set up', () => {
    expect(launchForm.fields.map(({name}) => name)).toEqual([
      'topology',
      'third',
      'backend',
      'one-address',
      'address',
      'port',
      'crossed-ports',
      'memory',
      'node-threads',
      'max-conns',
      'queue',
      'resilient',
      'node-args',
      'memcached-bin',
      'repcached-bin',
    ])
  })

  it('begins sound, and says what it comes to', () => {
    expect(launchForm.resolve({})).toMatchObject({
      problems: {},
      summary: 'repbench up pair   starts m1 embedded, s1 embedded',
    })
    const given = {topology: 'pair', memory: '64', resilient: 'yes', 'node-args': '-I 2m'}
    expect(launchForm.resolve(given).summary).toContain("repbench up pair --memory 64 --resilient --node-args '-I 2m'")
  })

  it.each([
    [{memory: '0'}, {memory: "Expected megabytes from 1 to 1048576, got '0'"}],
    [{port: '70000'}, {port: "Expected a port from 1 to 65535, got '70000'"}],
    [{'node-args': '-p 1'}, {'node-args': 'Expected --node-args without -p (use --port), got it'}],
    [{'node-args': 'm9=-vv'}, {'node-args': 'Expected --node-args of m1 or s1, got those of m9'}],
    [{address: 'a,b,c'}, {address: "Expected one address or two, such as 127.0.0.1,127.0.0.2, got 'a,b,c'"}],
    [{address: '127.0.0.1', 'one-address': 'yes'}, {address: 'Expected either one-address or address, got both'}],
    [{topology: 'repcached', backend: 'embedded'}, {backend: expect.stringContaining('--backend applies only to')}],
    [{backend: 'memcached'}, {backend: expect.stringContaining('a backend that replicates')}],
    [{topology: 'memcached', queue: '9'}, {queue: expect.stringContaining('--queue')}],
    [{topology: 'repcached', resilient: 'yes'}, {resilient: expect.stringContaining('--resilient')}],
    [{'node-threads': '4'}, {'node-threads': expect.stringContaining('--node-threads')}],
    [{topology: 'single', third: 'yes'}, {third: "--third needs a pair, got the topology 'single'"}],
    [{topology: 'single', 'crossed-ports': 'yes'}, {'crossed-ports': 'Expected --crossed-ports with a pair'}],
  ])('refuses %j', (given, expected) => {
    expect(problems(given)).toEqual(expected)
  })

  it.each(['1 2', '-5', '99999999999', '127.0.0.1,', '127.0.0.256', 'ü'])('refuses %j as an address', address => {
    expect(problems({address})).toEqual({
      address: `Expected one address or two, such as 127.0.0.1,127.0.0.2, got '${address}'`,
    })
    expect(problems({address: '127.0.0.1,localhost'})).toEqual({})
  })

  it('becomes what repbench up would do', () => {
    expect(launchOptionsOf('pair', {memory: '64', queue: '100', 'node-args': 's1=-vv', port: '12000'})).toMatchObject({
      name: 'pair',
      firstPort: 12_000,
      tuning: {memoryMegabytes: 64, queueLimit: 100},
      nodeArgsOf: {s1: ['-vv']},
      usualPorts: true,
    })
    expect(launchOptionsOf('pair', {third: 'yes'})).toMatchObject({third: true})
    expect(launchForm.resolve({third: 'yes'}).summary).toBe(
      'repbench up pair --third   starts m1 embedded, s1 embedded, t1 embedded',
    )
    expect(() => launchOptionsOf('pair', {memory: 'x'})).toThrow('memory: Expected megabytes')
  })
})
