import type {BackendSpec, ProgramSpec} from './backend.js'
import {embedded} from './embedded.js'
import {memcached} from './memcached.js'
import {repcached} from './repcached.js'

const registered = [embedded, memcached, repcached] as const

/** Every backend, in the order in which lists show them. */
export const backends: readonly BackendSpec[] = registered

type Registered = (typeof registered)[number]

/** Name of a backend. */
export type Backend = Registered['name']

/** Name of a program that a backend runs. */
export type ProgramName = NonNullable<Registered['program']>['name']

export const backendNames: readonly Backend[] = registered.map(({name}) => name)

export function backendOf(name: Backend): BackendSpec {
  return backends.find(backend => backend.name === name)!
}

type Program = ProgramSpec & {readonly name: ProgramName}

/** Every program that a backend runs, once. */
export const programs: readonly Program[] = [
  ...new Set(registered.flatMap(({program}): Program[] => (program === null ? [] : [program]))),
]

export function programOf(name: ProgramName): ProgramSpec {
  return programs.find(program => program.name === name)!
}
