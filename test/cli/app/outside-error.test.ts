import {readFileSync} from 'node:fs'
import {connect} from 'node:net'
import {expect, it} from 'vitest'
import {describeOutsideError} from '../../../src/cli/app/outside-error.js'

function thrown(body: () => unknown): unknown {
  try {
    body()
  } catch (error) {
    return error
  }
}

it('says of an error of the system what failed, on what and why', async () => {
  expect(describeOutsideError(thrown(() => readFileSync('/no/such')))).toBe('open /no/such: no such file or directory')
  const refused = await new Promise(resolve => connect({host: '127.0.0.1', port: 1}).once('error', resolve))
  expect(describeOutsideError(refused)).toBe('connect 127.0.0.1:1: connection refused')
  const epipe = Object.assign(new Error('write EPIPE'), {code: 'EPIPE', errno: -32, syscall: 'write'})
  expect(describeOutsideError(epipe)).toBe('write: broken pipe')
  const worker = Object.assign(new Error('Worker initialization failure: EMFILE'), {code: 'ERR_WORKER_INIT_FAILED'})
  expect(describeOutsideError(worker)).toBe('cannot start a thread: EMFILE')
})

it('leaves errors of our own to be called internal', () => {
  expect(describeOutsideError(thrown(() => readFileSync(-1)))).toBeNull()
  expect(describeOutsideError(new TypeError('x is not a function'))).toBeNull()
  expect(describeOutsideError('a string')).toBeNull()
  const closed = Object.assign(new Error('write EBADF'), {code: 'EBADF', errno: -9, syscall: 'write'})
  expect(describeOutsideError(closed)).toBeNull()
})
