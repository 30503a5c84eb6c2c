import {expect, it} from 'vitest'
import {findProgram} from '../../src/server/find-program.js'

it('prefers the environment variable to PATH', async () => {
  expect(await findProgram('memcached', {MEMCACHED_BIN: '/bin/sh', PATH: '/usr/bin'})).toBe('/bin/sh')
})

it('says which variable names no program', async () => {
  await expect(findProgram('repcached', {REPCACHED_BIN: '/nowhere'})).rejects.toMatchObject({
    code: 'ERR_PROGRAM_MISSING',
    message: "Expected REPCACHED_BIN to name an executable file, got '/nowhere'",
  })
})

it('says how to get a program that is nowhere', async () => {
  await expect(findProgram('memcached', {PATH: '/nowhere'})).rejects.toThrow('apt install memcached')
})
