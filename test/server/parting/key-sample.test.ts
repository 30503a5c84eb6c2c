import {expect, test} from 'vitest'
import {AskConnection} from '../../../src/ask/ask-connection.js'
import {sampleKeys} from '../../../src/server/parting/key-sample.js'
import {describeParting} from '../../../src/server/parting/parting.js'
import {converse} from '../../helpers/converse.js'
import {startMemcached} from '../../helpers/memcached.js'

test('probe keys that were never seen do not take the place of clients’ keys in a sample', async () => {
  const {address} = await startMemcached()
  const probes = Array.from({length: 100}, (_, index) => `repbench:probe:${index}`)
  await converse(address, ...['k1', 'k2', 'k3', ...probes].map(key => `set ${key} 0 300 1\r\nx\r\n`))
  const connection = new AskConnection({address})
  const keys = await sampleKeys(connection, 5)
  connection.close('the end of the test')
  expect(keys.toSorted()).toEqual(['k1', 'k2', 'k3'])
})

test('keys of nodes that part are shown as UTF-8, and cannot steer a terminal', () => {
  const keys = ['café', '\u009b31m'].map((text, index) => Buffer.from(text, index === 0 ? 'utf8' : 'latin1'))
  const parted = keys.map(bytes => ({key: bytes.toString('latin1'), kind: 'onlyOnFirst' as const}))
  const {detail, examples} = describeParting({names: ['m1', 's1'], items: [2, 0], looked: 2, parted, sinceMs: 0})
  expect(examples).toEqual(['café', '\\x9b31m'])
  expect(detail).toContain('such as café, \\x9b31m')
})
