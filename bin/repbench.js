#!/usr/bin/env node
// Nothing is imported before the check, and the syntax is kept to what an old Node
// can parse: the version message is what its user is to see.
const needed = [22, 12]
const found = process.versions.node.split('.').map(Number)

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  process.stderr.write(
    `repbench: expected Node.js ${needed.join('.')} or newer, got ${process.versions.node} (${process.execPath})\n`,
  )
  process.exitCode = 2
} else {
  void start()
}

async function start() {
  // React's development build keeps a growing log of every render, and the bundled Ink goes with the other one.
  process.env.NODE_ENV = 'production'
  await keepCompiledCode()
  try {
    // First of all: whatever imports node:process has Node.js open its own streams.
    const {installStandardStreams} = await import('../dist/cli/stdio/standard-streams.js')
    const outputs = installStandardStreams()
    const {main} = await import('../dist/cli/main.js')
    await main(process.argv.slice(2), outputs)
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') {
      process.stderr.write(`repbench: expected a built checkout, got none (${error.message}); run: npm run build\n`)
      process.exitCode = 70
    } else if (error.syscall !== undefined) {
      // The machine's: too many open files, no memory.
      process.stderr.write(`repbench: cannot start: ${error.message}\n`)
      process.exitCode = 1
    } else throw error
  }
}

/** A tenth of the time to the UI's first frame. Where the directory cannot be made, the start is only slower. */
async function keepCompiledCode() {
  const [fs, module, os, path] = await Promise.all([
    import('node:fs'),
    import('node:module'),
    import('node:os'),
    import('node:path'),
  ])
  const directory = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'repbench')
  try {
    // One level only: a home that is not there is not made.
    fs.mkdirSync(directory, {mode: 0o700})
  } catch (error) {
    if (error.code !== 'EEXIST' || !isOurs(fs.lstatSync(directory))) return
    fs.chmodSync(directory, 0o700)
  }
  module.default.enableCompileCache(directory)
}

/** What is compiled there is run. */
function isOurs(found) {
  const own = process.geteuid?.()
  return found.isDirectory() && (own === undefined || own === 0 || found.uid === own)
}
