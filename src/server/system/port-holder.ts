import {readdirSync, readFileSync, readlinkSync} from 'node:fs'
import {isIPv6} from 'node:net'
import {endianness} from 'node:os'
import type {Address} from '../../protocol/address.js'

/** The process that has a port. */
export interface PortHolder {
  readonly pid: number
  /** Its name, at most 15 characters as the system keeps them. */
  readonly program: string
}

const LISTENING = '0A'
const ANY_ADDRESS = /^0+$/

/**
 * Who listens on an address (null = on nothing that this user may see). Linux tells it in files;
 * elsewhere none is found. A program that listens on all addresses counts.
 */
export function findPortHolder(address: Address): PortHolder | null {
  const inodes = listeningInodes(address)
  return inodes.size === 0 ? null : findOwner(inodes)
}

/** Sockets that listen there, by their inode numbers. */
function listeningInodes({host, port}: Address): Set<string> {
  const wanted = isIPv6(host) ? null : hexOfIPv4(host)
  const inodes = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readOrEmpty(table).split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
      const [hex = '', hexPort = ''] = local.split(':')
      if (state !== LISTENING || Number.parseInt(hexPort, 16) !== port || inode === undefined) continue
      if (wanted === null || ANY_ADDRESS.test(hex) || hex === wanted || hex.endsWith(`FFFF0000${wanted}`)) {
        inodes.add(inode)
      }
    }
  }
  return inodes
}

function findOwner(inodes: ReadonlySet<string>): PortHolder | null {
  for (const entry of listOrEmpty('/proc').filter(name => /^\d+$/.test(name))) {
    for (const descriptor of listOrEmpty(`/proc/${entry}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOrEmpty(`/proc/${entry}/fd/${descriptor}`))?.[1]
      if (inode !== undefined && inodes.has(inode)) {
        return {pid: Number(entry), program: readOrEmpty(`/proc/${entry}/comm`).trim()}
      }
    }
  }
  return null
}

/** As the kernel prints it: a word in the machine's own byte order. */
function hexOfIPv4(host: string): string {
  const bytes = (host === 'localhost' ? '127.0.0.1' : host).split('.').map(Number)
  const ordered = endianness() === 'LE' ? bytes.toReversed() : bytes
  return ordered.map(byte => byte.toString(16).padStart(2, '0').toUpperCase()).join('')
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function listOrEmpty(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    // Gone, or another user's.
    return []
  }
}

function linkOrEmpty(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return ''
  }
}
