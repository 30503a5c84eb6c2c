#!/usr/bin/env node
import {mkdirSync} from 'node:fs'
import module from 'node:module'
import {homedir} from 'node:os'
import {join} from 'node:path'

// Kept to syntax that an old Node can parse, so that the version message is what its user sees.
const needed = [22, 12]
const found = process.versions.node.split('.').map(Number)

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  process.stderr.write(
    `repbench: expected Node.js ${needed.join('.')} or newer, got ${process.versions.node} (${process.execPath})\n`,
  )
  process.exitCode = 2
} else {
  // React's development build keeps a growing log of every render.
  process.env.NODE_ENV = process.env.NODE_ENV || 'production'
  keepCompiledCode()
  import('../dist/cli/main.js').then(
    ({main}) => main(process.argv.slice(2)),
    error => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
      process.stderr.write(`repbench: expected a built checkout, got none (${error.message}); run: npm run build\n`)
      process.exitCode = 70
    },
  )
}

/** A tenth of the time to the UI's first frame. Where the directory cannot be made, the start is only slower. */
function keepCompiledCode() {
  const directory = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'repbench')
  try {
    // One level only: a home that is not there is not made.
    mkdirSync(directory)
  } catch (error) {
    if (error.code !== 'EEXIST') return
  }
  module.enableCompileCache(directory)
}
