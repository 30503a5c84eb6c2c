import {once} from 'node:events'
import {connect} from 'node:net'
import type {Address} from '../../src/protocol/address.js'

/** Stores so many items `key:0` …, each with flags of its number; every second one with an exptime. @returns that of key:1 */
export async function fill(address: Address, count: number, {valueBytes = 100} = {}): Promise<number> {
  const first = Math.floor(Date.now() / 1000) + 3600
  const socket = connect(address)
  for (let number = 0; number < count; number++) {
    const value = `${number}:`.padEnd(valueBytes, 'v')
    const exptime = number % 2 === 0 ? 0 : first + number
    socket.write(`set key:${number} ${number} ${exptime} ${value.length} noreply\r\n${value}\r\n`)
  }
  socket.write('mn\r\n')
  await once(socket, 'data')
  socket.destroy()
  return first + 1
}

/** As `lru_crawler metadump all` tells them: key → exptime in Unix seconds, -1 = never. */
export async function listExptimes(address: Address): Promise<Map<string, number>> {
  const socket = connect(address)
  socket.write('lru_crawler metadump all\r\n')
  let text = ''
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    text += chunk.toString('latin1')
    if (/(?:^|\n)END\r\n$/.test(text)) break
  }
  return new Map(
    [...text.matchAll(/key=(\S+) exp=(-?\d+)/g)].map(([, key, exp]) => [decodeURIComponent(key!), Number(exp)]),
  )
}
