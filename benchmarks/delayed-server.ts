import {createServer} from 'node:net'

/**
 * A scripted server in a process of its own: it answers each set STORED after a fixed time, and holds nothing. It
 * shares no code with what measures it. Arguments: the delays in ms, a port for each; prints the ports as JSON.
 */
const ports = await Promise.all(process.argv.slice(2).map(delay => listen(Number(delay))))
process.stdout.write(`${JSON.stringify(ports)}\n`)
// Ends with the benchmark, however that ends.
process.stdin.on('close', () => process.exit()).resume()

function listen(delayMs: number): Promise<number> {
  const server = createServer({noDelay: true}, socket => {
    let unread = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => {
      unread = Buffer.concat([unread, bytes])
      for (;;) {
        const end = unread.indexOf('\r\n')
        if (end < 0) return
        const [command, , , , valueBytes] = unread.toString('latin1', 0, end).split(' ')
        const whole = end + 2 + (command === 'set' ? Number(valueBytes) + 2 : 0)
        if (unread.length < whole) return
        unread = unread.subarray(whole)
        if (command !== 'set') socket.write('ERROR\r\n')
        else setTimeout(() => socket.writable && socket.write('STORED\r\n'), delayMs)
      }
    })
  })
  return new Promise(resolve => {
    server.listen({host: '127.0.0.1', port: 0}, () => resolve((server.address() as {port: number}).port))
  })
}
